from django.urls import URLPattern, URLResolver, path

from devstack import views_components

app_name = "devstack"
urlpatterns: list[URLPattern | URLResolver] = [
    path("components/", views_components.component_list, name="component_list"),
]
