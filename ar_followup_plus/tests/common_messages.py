"""What the tests of messages about agreements share."""

from .common import FollowupCommon

TEXT = '<p>Dear <t t-out="object.addressee_name" />, this is your plan.</p>'


class MessagesCommon(FollowupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": cls.env["ir.model"]._get_id("ar.followup.reminder"),
                "subject": "{{ object.company_id.name }}: your plan",
                "body_html": TEXT,
            }
        )

    def vals(self, partner, kind="plan_paid", **vals):
        case = self.case(partner) or self.engine["ar.followup.case"].create(
            {"partner_id": partner.id, "company_id": self.company.id}
        )
        return {
            "case_id": case.id,
            "kind": kind,
            "is_demand": kind in ("plan_note", "plan_late"),
            "level_name": "Payment plan",
            "mail_template_id": self.template.id,
            **vals,
        }

    def make(self, *vals_list):
        return self.engine["ar.followup.reminder"]._make_messages(list(vals_list))

    def answer(self, partner, **vals):
        """An answer, handed over at once."""
        message = self.make(self.vals(partner, **vals))
        message._leave()
        return message

    def note(self, partner, **vals):
        """A demand, handed over at once."""
        return self.answer(partner, kind="plan_note", **vals)

    def why_not(self, partner):
        """Why a customer must not be asked today."""
        case = self.case(partner)
        company = self.company.with_env(self.engine)
        reasons = case._may_ask(company, company._ar_today(), case)
        return reasons[case]

    def told(self, partner, kind="not_sent"):
        kind = self.env.ref(f"ar_followup_plus.mail_activity_type_{kind}")
        return self.case(partner).activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
