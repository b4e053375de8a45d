from odoo import api, models
from odoo.exceptions import UserError


class ArStateMixin(models.AbstractModel):
    """A state that moves along a table: ``_transitions`` says from where to where."""

    _name = "ar.state.mixin"
    _description = "State by a Table of Transitions"

    @api.model
    def _transitions(self):
        """dict state → set of the states it may become"""
        raise NotImplementedError

    def _set_state(self, state, **vals):
        """Move the records to ``state``; those that have it already stay as they are.

        :param vals: other values of those that change
        :return: those that changed
        :raises UserError: when one of them cannot become ``state`` from where it is
        """
        todo = self.filtered(lambda record: record.state != state)
        table = self._transitions()
        wrong = todo.filtered(lambda record: state not in table[record.state])
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(document)s is “%(now)s”; it cannot become “%(then)s”.",
                    document=wrong[0].display_name,
                    now=labels[wrong[0].state],
                    then=labels[state],
                )
            )
        # sudo: the state is the machine's own; the callers check the rights
        todo.sudo().write({"state": state, **vals})
        return todo
