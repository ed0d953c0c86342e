from django.urls import URLPattern, URLResolver

app_name = "devstack"
urlpatterns: list[URLPattern | URLResolver] = []
