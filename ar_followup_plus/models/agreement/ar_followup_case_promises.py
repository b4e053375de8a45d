from odoo import api, fields, models

#: states that say how a customer keeps to promises
COUNTED = ("kept", "partial", "broken", "replaced")


class ArFollowupCase(models.Model):
    """What a customer promised to pay, and how they kept to it."""

    _inherit = "ar.followup.case"

    # how they keep them ------------------------------------------------------------

    promise_count = fields.Integer(
        string="Number of Promises", compute="_compute_promise_count"
    )
    promise_kept_count = fields.Integer(
        string="Promises Kept", compute="_compute_promise_count"
    )
    promise_partial_count = fields.Integer(
        string="Promises Kept in Part", compute="_compute_promise_count"
    )
    promise_broken_count = fields.Integer(
        string="Promises Broken", compute="_compute_promise_count"
    )
    promise_replaced_count = fields.Integer(
        string="Promises Replaced", compute="_compute_promise_count"
    )
    promise_rate = fields.Float(
        string="Promises Kept (%)",
        compute="_compute_promise_count",
        help="How many of a hundred promises whose day has come were kept in full.",
    )
    promise_record_text = fields.Char(
        string="Promises So Far", compute="_compute_promise_record_text"
    )

    promises_now = fields.Json(compute="_compute_promises_now")

    # recording one -----------------------------------------------------------------

    def action_record_promise(self):
        """Button: note what the customer promised to pay.

        :raises AccessError: for whoever must not record promises
        :raises UserError: when nothing is open that could be promised
        """
        self.ensure_one()
        Promise = self.env["ar.payment.promise"].with_company(self.company_id)
        Promise.check_access("create")
        return Promise._open_new(self._lines_to_promise())

    def _lines_to_promise(self):
        """The journal items that a promise would be about.

        All that is open in the currency of the oldest, without what is disputed or
        paid in instalments.

        :raises UserError: when there is none
        """
        free_sudo = self._free_lines(
            self.env["ar.payment.promise"],
            self.env._(
                "%(customer)s owes nothing that could be promised.",
                customer=self.partner_id.display_name,
            ),
        )
        return self._of_one_currency(free_sudo)

    @api.depends("promise_ids.state")
    def _compute_promise_count(self):
        counts = {case.id: dict.fromkeys(COUNTED, 0) for case in self}
        rows = self.env["ar.payment.promise"]._read_group(
            [("case_id", "in", self.ids)], ["case_id", "state"], ["__count"]
        )
        totals = dict.fromkeys(self.ids, 0)
        for case, state, count in rows:
            totals[case.id] += count
            if state in COUNTED:
                counts[case.id][state] = count
        for case in self:
            own = counts[case.id]
            judged = own["kept"] + own["partial"] + own["broken"]
            case.promise_count = totals.get(case.id, 0)
            for state, count in own.items():
                case[f"promise_{state}_count"] = count
            case.promise_rate = 100 * own["kept"] / judged if judged else 0.0

    @api.depends("promise_ids.state")
    @api.depends_context("lang")
    def _compute_promise_record_text(self):
        """“2 kept, 1 broken”; empty while there is nothing to tell."""
        say = {
            "kept": self.env._("%(count)s kept"),
            "partial": self.env._("%(count)s kept in part"),
            "broken": self.env._("%(count)s broken"),
            "replaced": self.env._("%(count)s replaced"),
        }
        for case in self:
            counts = {state: case[f"promise_{state}_count"] for state in COUNTED}
            case.promise_record_text = ", ".join(
                say[state] % {"count": count}
                for state, count in counts.items()
                if count
            )

    def action_open_promises(self):
        """Smart button: the customer's promises, in whatever state."""
        self.ensure_one()
        return self.promise_ids._open_all()
