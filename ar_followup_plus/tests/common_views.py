"""What the web client asks the server for when it draws a view."""

from ast import literal_eval

from lxml import etree

from odoo.tools.safe_eval import safe_eval


def view_arch(model, view_type):
    """The arch of a model's view of a kind, as its user is given it."""
    views = model.get_views([(False, view_type)])["views"]
    return etree.fromstring(views[view_type]["arch"])


def specification(model, view_type):
    """What ``web_read`` is asked for to draw that view."""
    return _specification(model, view_arch(model, view_type))


def _specification(model, node):
    result = {}
    for field in node.iter("field"):
        if next(field.iterancestors("field"), None) is not (
            node if node.tag == "field" else None
        ):
            continue  # a field of a view within this one
        kind = model._fields[field.get("name")]
        spec = result.setdefault(field.get("name"), {})
        lists = [child for child in field if child.tag == "list"]
        if kind.type == "many2one":
            spec["fields"] = {"display_name": {}}
        elif lists:
            comodel = model.env[kind.comodel_name]
            spec["fields"] = _specification(comodel, field)
    return result


def filters(model):
    """The filters of a model's search view: dict name → domain, or group-by."""
    result = {}
    for node in view_arch(model, "search").iter("filter"):
        if node.get("domain"):
            domain = safe_eval(node.get("domain"), {"uid": model.env.uid})
            result[node.get("name")] = domain
        else:
            context = literal_eval(node.get("context") or "{}")
            result[node.get("name")] = context.get("group_by")
    return result


def panel_fields(model):
    """The fields of a model's search panel."""
    return [node.get("name") for node in view_arch(model, "search").find("searchpanel")]
