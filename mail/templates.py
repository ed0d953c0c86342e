"""The templates of mails, made ready once in a process.

Django walks over the nodes of a template at each rendering: it puts a parent around it, finds its included pieces, and
asks of each variable and each condition where its value might come from. That takes longer than the words of a mail, and
thousands leave in an hour. Here a template becomes a short list of texts and functions; what comes out is what Django
would write (tests/mail/test_templates.py). Tags that are not known here, such as {% for %}, are left to Django.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import is_dataclass
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template import Context, Engine, Node, Template, VariableDoesNotExist
from django.template.base import FilterExpression, NodeList, TextNode, VariableNode
from django.template.defaulttags import CommentNode, IfNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.utils.safestring import SafeString

Part = str | Callable[[Context], str]
Look = Callable[[Context], Any]


def mail_template(name: str) -> Template:
    """Return the template, ready to be rendered many times; in development it is read anew each time."""
    return _ready(name) if settings.DEBUG else _kept(name)


@lru_cache(maxsize=256)
def _kept(name: str) -> Template:
    return _ready(name)


def _ready(name: str) -> Template:
    template = _with_parent(_parsed(name))
    template.nodelist = NodeList([_Drawing(template.nodelist, template)])
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


class _Drawing(Node):
    """What stands for a list of nodes: its parts one after another, texts with nothing between them as one."""

    def __init__(self, nodes: Iterable[Node], template: Template) -> None:
        self.parts: list[Part] = []
        for part in _parts(nodes, template):
            if isinstance(part, str) and self.parts and isinstance(self.parts[-1], str):
                self.parts[-1] += part
            else:
                self.parts.append(part)

    def render(self, context: Context) -> str:
        return "".join([part if type(part) is str else part(context) for part in self.parts])  # type: ignore[operator]

    render_annotated = render


def _parts(nodes: Iterable[Any], template: Template) -> Iterator[Part]:
    for node in nodes:
        if isinstance(node, TextNode):
            yield node.s
        elif isinstance(node, BlockNode):
            yield from _parts(node.nodelist, template)
        elif isinstance(node, IncludeNode) and not node.template.is_var:
            yield _included(node, template)
        elif isinstance(node, IfNode):
            yield _chosen(node, template)
        elif isinstance(node, VariableNode):
            yield _said(node)
        elif not isinstance(node, CommentNode):
            for name in node.child_nodelists:
                if hasattr(node, name):
                    setattr(node, name, NodeList([_Drawing(getattr(node, name), template)]))
            yield node.render_annotated


def _included(node: Any, template: Template) -> Part:
    """Return an included piece; where it depends on nothing, its text."""
    empty, extra = Context(), node.extra_context.items()
    if node.isolated_context and all(_is_fixed(expression) for _, expression in extra):
        with empty.bind_template(template):
            return str(node.render(empty))
    drawing = _ready(node.template.resolve(empty)).nodelist[0]
    given = [(name, _value(expression, expression.resolve)) for name, expression in extra]

    def draw(context: Context) -> str:
        values = {name: value(context) for name, value in given}
        if node.isolated_context:
            alone = Context(values, autoescape=context.autoescape)
            alone.template, alone.render_context = context.template, context.render_context
            return str(drawing.render(alone))
        with context.push(**values):
            return str(drawing.render(context))

    return draw


def _chosen(node: IfNode, template: Template) -> Part:
    """Return what an {% if %} chooses."""
    branches = [(_test(condition), _Drawing(nodes, template)) for condition, nodes in node.conditions_nodelists]

    def draw(context: Context) -> str:
        for holds, drawing in branches:
            if holds(context):
                return drawing.render(context)
        return ""

    return draw


def _test(condition: Any) -> Look:
    if condition is None:  # {% else %}
        return lambda _: True

    def ask(context: Context) -> Any:
        try:
            return condition.eval(context)
        except VariableDoesNotExist:
            return None

    look = _look(condition.value) if condition.id == "literal" else None
    if look is None:
        return ask
    if len(condition.value.var.lookups) > 1:
        return _value(condition.value, ask)

    def holds(context: Context) -> Any:
        value = look(context)  # None says as much as a name that is not there
        return ask(context) if callable(value) else value

    return holds


def _said(node: Any) -> Part:
    """Return what a variable says; text without filters takes no detour."""
    look, ask = _look(node.filter_expression), node.render_annotated
    if look is None:
        return ask

    def draw(context: Context) -> str:
        value = look(context)
        if type(value) is SafeString:
            return value
        if type(value) is str:
            return escape(value) if context.autoescape else value
        if type(value) is int:
            return str(value)  # as USE_THOUSAND_SEPARATOR is off
        return ask(context)

    return draw


def _value(expression: FilterExpression, ask: Look) -> Look:
    """Return how to find what an expression stands for; `ask` is how Django does it."""
    look = _look(expression)
    if look is None:
        return ask

    def find(context: Context) -> Any:
        value = look(context)
        return ask(context) if value is None or callable(value) else value

    return find


def _look(expression: FilterExpression) -> Look | None:
    """Return how to find a variable without filters in a dict or a dataclass of the context.

    None: Django has to be asked. So it has where nothing is found.
    """
    if not expression.is_var or expression.filters or expression.var.translate or not expression.var.lookups:
        return None
    name, *keys = expression.var.lookups

    def look(context: Context) -> Any:
        value = context.get(name)
        for key in keys:
            if type(value) is dict:
                value = value.get(key)
            else:
                value = getattr(value, key, None) if is_dataclass(value) else None
        return value

    return look


def _is_fixed(value: FilterExpression) -> bool:
    return not value.is_var and not value.filters
