"""What the web client asks for when it opens a form or a list, read from the view."""

from lxml import etree


def form_specification(model, view=None):
    """Return the specification of the `web_read` that opens the form of `model`."""
    view_id = view.id if view else None
    arch = etree.fromstring(model.get_view(view_id, "form")["arch"])
    return _specification(model, arch)


def list_specification(model, view):
    """Return the specification of the `web_search_read` of a list view of `model`."""
    arch = etree.fromstring(model.get_view(view.id, "list")["arch"])
    return _specification(model, arch)


def _specification(model, arch):
    fields = model.fields_get()
    specification = {}
    for node in arch.iterfind(".//field"):
        if next(node.iterancestors("field"), None) is not None:
            continue  # of a list inside
        name = node.get("name")
        field = fields[name]
        if field["type"] not in ("many2one", "one2many", "many2many"):
            specification[name] = {}
            continue
        comodel = model.env[field["relation"]]
        inside = node.find("list") if node.find("list") is not None else node
        content = _specification_of_children(comodel, inside)
        if node.get("invisible") in ("1", "True"):
            specification[name] = {"fields": {}}
            continue
        if field["type"] == "many2one" or node.get("widget") == "many2many_tags":
            content["display_name"] = {}
            if "color_field" in (node.get("options") or ""):
                content["color"] = {}
        specification[name] = {"fields": content}
    return specification


def _specification_of_children(comodel, node):
    specification = {}
    fields = comodel.fields_get()
    for child in node.iterfind("./field"):
        name = child.get("name")
        is_relational = bool(fields[name].get("relation"))
        specification[name] = {"fields": {"display_name": {}}} if is_relational else {}
    return specification
