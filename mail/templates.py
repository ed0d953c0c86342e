"""The templates of mails, made ready once in a process.

Django puts a parent around a template, finds its included pieces and asks of each variable whether it is a date or a
lazy text anew at each rendering. That takes longer than the words of a mail, and thousands leave in an hour. Here it is
done once; what comes out is what Django would write (tests/mail/test_templates.py).
"""

from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.conf import settings
from django.template import Context, Engine, Template
from django.template.base import FilterExpression, NodeList, VariableNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.utils.safestring import SafeString


class Instance(NamedTuple):
    """This server, as mails name it."""

    name: str
    operator: str
    operator_email: str
    base_url: str


def known_to_all() -> dict[str, Any]:
    """Return what every mail knows of this server; links never come from a request."""
    base_url = settings.BASE_URL
    return {
        "base_url": base_url,
        "preferences_url": f"{base_url}/settings/mails/",
        "instance": Instance(settings.INSTANCE_NAME, settings.OPERATOR_NAME, settings.OPERATOR_EMAIL, base_url),
    }


def piece(name: str, /, **context: Any) -> SafeString:
    """Render a template of a mail, a .html one or a .txt one."""
    return mail_template(name).render(Context(known_to_all() | context, autoescape=name.endswith(".html")))


def mail_template(name: str) -> Template:
    """Return the template, ready to be rendered many times; in development it is read anew each time."""
    return _ready(name) if settings.DEBUG else _kept(name)


@lru_cache(maxsize=256)
def _kept(name: str) -> Template:
    return _ready(name)


def _ready(name: str) -> Template:
    template = _with_parent(_parsed(name))
    for node in template.nodelist.get_nodes_by_type(IncludeNode):
        _settle(node, template)
    for variable in template.nodelist.get_nodes_by_type(VariableNode):
        _shorten(variable)
    return template


def _parsed(name: str) -> Template:
    """Return a copy of the template that is ours to change."""
    found = Engine.get_default().get_template(name)
    return Template(found.source, found.origin, found.name, found.engine)


def _with_parent(template: Template) -> Template:
    """Return what {% extends %} makes of a template: its parent with the blocks filled; a mail has one parent."""
    nodes: Any = template.nodelist.get_nodes_by_type(ExtendsNode)
    if not nodes:
        return template
    parent = _parsed(nodes[0].parent_name.resolve(Context()))
    blocks: Any = parent.nodelist.get_nodes_by_type(BlockNode)
    for block in blocks:
        if own := nodes[0].blocks.get(block.name):
            block.nodelist = own.nodelist
    return _with_parent(parent)


def _settle(node: Any, template: Template) -> None:
    """Give an include its piece for good; where it depends on nothing, its text."""
    if node.template.is_var:
        return
    context = Context()
    if node.isolated_context and all(_is_fixed(value) for value in node.extra_context.values()):
        with context.bind_template(template):
            text = node.render(context)
        node.render_annotated = lambda _: text
        return
    piece: NodeList = _ready(node.template.resolve(context)).nodelist

    def render(context: Context) -> str:
        values = {name: value.resolve(context) for name, value in node.extra_context.items()}
        if node.isolated_context:
            alone = context.new(values)
            alone.template = context.template
            return piece.render(alone)
        with context.push(**values):
            return piece.render(context)

    node.render_annotated = render


def _shorten(node: Any) -> None:
    """Let a variable without filters that is text, of the context or of a dict in it, take no detour."""
    expression = node.filter_expression
    if not expression.is_var or expression.filters or expression.var.translate or not expression.var.lookups:
        return
    name, *keys = expression.var.lookups
    detour = node.render_annotated

    def render(context: Context) -> str:
        value = context.get(name)
        for key in keys:
            value = value.get(key) if type(value) is dict else None
        if type(value) is SafeString:
            return value
        if type(value) is str:
            return escape(value) if context.autoescape else value
        if type(value) is int:
            return str(value)  # as USE_THOUSAND_SEPARATOR is off
        result: str = detour(context)
        return result

    node.render_annotated = render


def _is_fixed(value: FilterExpression) -> bool:
    return not value.is_var and not value.filters
