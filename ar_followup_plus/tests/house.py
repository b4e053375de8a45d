"""The rules of the house, read from the code as it is written (pure).

Each rule takes the addon's folder and yields what breaks it, as text with the file,
the line and what is wrong.
"""

import ast
import re
from pathlib import Path

#: In this order; a room may use those before it.
ROOMS = ("policy", "ledger", "case", "contact", "engine", "agreement")
#: They import nothing of Odoo, so that they can be tested fast and thoroughly.
PURE = (
    "policy/tones.py",
    "ledger/ageing.py",
    "ledger/incoming.py",
    "ledger/statement.py",
    "ledger/tokens.py",
    "case/reasons.py",
    "contact/governor.py",
    "contact/incoming.py",
    "contact/wording.py",
    "engine/asking.py",
    "engine/debt.py",
    "engine/values.py",
    "engine/decide.py",
    "agreement/schedule.py",
    "agreement/keeping.py",
    "agreement/promise.py",
)
#: What pure modules may import: calendars, and the language's own tools.
TOOLS = {"calendar", "collections", "dataclasses", "datetime", "dateutil", "decimal"}
TOOLS |= {"enum", "functools", "itertools", "math", "operator", "re", "typing"}
TOOLS |= {"unicodedata"}
#: A day's work in order; its steps extend several models and are named for the step.
STEPS = {"collect", "facts", "history", "record", "figures", "deliver"}
FILE_LINES = 400
FUNCTION_LINES = 60
MODELS = "odoo.addons.ar_followup_plus.models"


def rooms(addon):
    """The rooms that exist, in the order in which they may use one another."""
    return [room for room in ROOMS if (addon / "models" / room).is_dir()]


def _files(addon, *names):
    """(path below ``models``, syntax tree) of the rooms' files, or of some of them."""
    models = addon / "models"
    for path in sorted(models.rglob("*.py")):
        name = path.relative_to(models).as_posix()
        if not names or name in names:
            yield name, ast.parse(path.read_text())


def _names(node):
    """What a class says of itself: its ``_name``, and ``_inherit`` as a list."""
    values = {
        target.id: ast.literal_eval(statement.value)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
    }
    if isinstance(values.get("_inherit"), str):
        values["_inherit"] = [values["_inherit"]]
    return values


def _models(tree):
    """(name, is_new) of the models a file defines or extends."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            values = _names(node)
            inherited = values.get("_inherit", [])
            name = values.get("_name") or next(iter(inherited), None)
            if name:
                yield name, name not in inherited


def own_models(addon):
    """The addon's own models: name → room."""
    return {
        model: name.split("/")[0]
        for name, tree in _files(addon)
        for model, is_new in _models(tree)
        if is_new
    }


# the rules ---------------------------------------------------------------------------


def unknown_rooms(addon):
    """Every folder is a room, and all are imported in the order of the plan."""
    models = addon / "models"
    for path in sorted(models.iterdir()):
        if path.is_dir() and path.name != "__pycache__" and path.name not in ROOMS:
            yield f"{path.name}/__init__.py: not a room of the plan"
    tree = ast.parse((models / "__init__.py").read_text())
    imported = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    if imported != rooms(addon):
        yield f"__init__.py: imports {imported}, the order is {rooms(addon)}"


def later_models(addon):
    """No room names a model of a later one, or its table."""
    owners = own_models(addon)
    for name, tree in _files(addon):
        room = name.split("/")[0]
        if room not in ROOMS:
            continue
        later = [
            model
            for model, owner in owners.items()
            if owner in ROOMS and ROOMS.index(owner) > ROOMS.index(room)
        ]
        for line, text in _texts(tree):
            for model in later:
                words = f"{re.escape(model)}|(model_)?{model.replace('.', '_')}"
                if re.search(rf"(?<![\w])({words})(?![\w])", text):
                    yield f"{name}:{line}: names {model} of {owners[model]}"


def _texts(tree):
    """(line, text) of the strings of a file, without docstrings."""
    explained = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in explained:
            yield node.lineno, node.value


def _imports(name, tree):
    """(line, module) of all imports, as paths below ``models`` where they are ours."""
    here = name.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module.split(".") if node.module else []
            if node.level:
                base = ["models", *here[: len(here) - node.level + 1], *base]
            found = [".".join([*base, alias.name]) for alias in node.names]
        else:
            continue
        for module in found:
            yield node.lineno, module.replace(MODELS, "models").replace(".", "/")


def later_imports(addon):
    """No room imports from a later one."""
    for name, tree in _files(addon):
        room = name.split("/")[0]
        if room not in ROOMS:
            continue
        for line, module in _imports(name, tree):
            used = module.split("/")[1:2] if module.startswith("models/") else []
            if used and used[0] in ROOMS and ROOMS.index(used[0]) > ROOMS.index(room):
                yield f"{name}:{line}: imports {module}"


def impure_imports(addon):
    """Pure modules import the language's tools and other pure modules only."""
    pure = [f"models/{name.removesuffix('.py')}" for name in PURE]
    for name, tree in _files(addon, *PURE):
        for line, module in _imports(name, tree):
            is_pure = any(f"{module}/".startswith(f"{other}/") for other in pure)
            if not is_pure and module.split("/")[0] not in TOOLS:
                yield f"{name}:{line}: imports {module}"


def models_begun_twice(addon):
    """A model has its name, and takes on its mixins, where it begins."""
    for name, tree in _files(addon):
        for node in ast.walk(tree):
            values = _names(node) if isinstance(node, ast.ClassDef) else {}
            if values.get("_name") in values.get("_inherit", ()):
                yield f"{name}:{node.lineno}: begins {values['_name']} again"


def misplaced_models(addon):
    """One new model in a file; a file has the name of a model it shows.

    A part of a large model may have a file of its own, whose name begins with the
    model's; a long name may be cut. Beside the model that a file is named for, it may
    say what others of ours do in the same matter.
    """
    own = own_models(addon)
    for name, tree in _files(addon):
        file = Path(name).stem
        found = list(_models(tree))
        new = [model for model, is_new in found if is_new]
        others = [model for model, is_new in found if model not in own]
        named = [model for model, _is_new in found if _is_named(file, model, own)]
        if len(new) > 1:
            yield f"{name}: defines {' and '.join(new)}"
        for model in {*new, *others}.difference(named):
            yield f"{name}: {model} belongs into {model.replace('.', '_')}.py"
        if found and not named and file not in STEPS:
            yield f"{name}: is named for none of its models"


def _is_named(file, model, own):
    words = model.replace(".", "_")
    return words.startswith(file) or (model in own and file.startswith(words))


def too_long(addon):
    """Files and functions that nobody can read in one go."""
    for path in sorted(addon.rglob("*.py")):
        name = path.relative_to(addon).as_posix().removeprefix("models/")
        text = path.read_text()
        if len(text.splitlines()) > FILE_LINES:
            yield f"{name}: {len(text.splitlines())} lines, {FILE_LINES} at the most"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > FUNCTION_LINES:
                    yield f"{name}:{node.lineno}: {node.name} has {lines} lines"
