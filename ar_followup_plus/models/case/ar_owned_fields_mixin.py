from odoo import api, models
from odoo.exceptions import AccessError


class ArOwnedFieldsMixin(models.AbstractModel):
    """The shared guard of fields that a state machine or the engine owns.

    Such fields refuse create, write, copy and import from everyone: only code
    that acts as superuser on purpose (``sudo()``) sets them. A field's default
    may be given, because a form sends it back.
    """

    _name = "ar.owned.fields.mixin"
    _description = "Fields Owned by the Follow-up Engine"

    @api.model
    def _owned_fields(self):
        """Names of the fields nobody sets by hand."""
        return frozenset()

    @api.model
    def default_get(self, fields):
        """Owned fields begin with their own default, whatever a context or a user's
        preferences say: those would be values set by hand."""
        owned = self._owned_fields()
        values = super().default_get([name for name in fields if name not in owned])
        for name in owned.intersection(fields):
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(
                    field.default(self), self, validate=False
                )
                values[name] = field.convert_to_write(value, self)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            owned = self._owned_fields()
            named = {key for vals in vals_list for key in vals} & owned
            defaults = self.default_get(list(named)) if named else {}
            for vals in vals_list:
                self._refuse_owned(
                    key
                    for key in named & vals.keys()
                    if (vals[key] or False) != (defaults.get(key) or False)
                )
            # no default of an owned field is taken from a context: say so
            self._refuse_owned(
                key for key in owned if f"default_{key}" in self.env.context
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_owned(self._owned_fields() & vals.keys())
        return super().write(vals)

    def _refuse_owned(self, names):
        names = sorted(names)
        if names:
            labels = [
                self._fields[name]._description_string(self.env) for name in names
            ]
            raise AccessError(
                self.env._(
                    "%(fields)s of a %(document)s cannot be set by hand: it follows "
                    "from what happens. Use the buttons instead.",
                    fields=", ".join(labels),
                    # sudo: a model's name in words, which few may read
                    document=self.env["ir.model"].sudo()._get(self._name).name,
                )
            )
