"""Where the call dialog opens, what stands beside it, and who may use it."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_calls import CallCommon
from .rpc import RpcCommon

#: what the dialog shows of the customer
SHOWN = ("call_guide", "do_not_contact_text", "last_contact", "phone")


@tagged("post_install", "-at_install")
class TestWhereItIsOpened(CallCommon):
    def test_from_the_customer_and_a_contact(self):
        joe = self.customer("Joe", parent_id=self.ann.id, is_company=False)
        for record, person in ((self.ann, joe.browse()), (joe, joe)):
            form = self.dialog(record)
            self.assertEqual(form.case_id, self.case(self.ann))
            self.assertEqual(form.contact_person_id, person)

    def test_from_an_invoice(self):
        other = self.invoice(self.ann, 50.0, 30)
        self.case(self.ann)._reassess()
        form = self.dialog(other)
        self.assertEqual(form.dispute_item_id, self.item(other))

    def test_a_customer_without_a_case(self):
        ben = self.customer("Ben")
        self.assertFalse(self.case(ben))
        entry, _action = self.log_call("reached", record=ben)
        self.assertEqual(entry.case_id, self.case(ben))

    def test_an_invoice_not_due_for_long(self):
        """Of a customer who had settled everything."""
        self.pay(self.bill)
        self.case(self.ann)._reassess()
        self.assertEqual(self.case(self.ann).state, "closed")
        later = self.invoice(self.ann, 70.0, 90)
        form = self.dialog(later)
        self.assertEqual(form.dispute_item_id, self.item(later))
        self.assertTrue(self.item(later))

    def test_an_archived_customer(self):
        self.ann.active = False
        entry, _action = self.log_call("reached", record=self.ann)
        self.assertEqual(entry.partner_id, self.ann)
        entry, _action = self.log_call("refuses", record=self.bill)
        self.assertEqual(entry.case_id, self.case(self.ann))

    def test_what_stands_beside_it(self):
        form = self.dialog()
        self.assertIn("wrong with the goods", str(form.call_guide))
        self.assertEqual(form.phone, "+1 555 0111")
        self.assertEqual(len(form.open_item_ids), 1)
        self.assertFalse(form.last_contact)
        self.log_call("refuses", summary="Not a cent.")
        self.assertIn("Not a cent.", self.dialog().last_contact)

    def test_the_guide_of_the_level(self):
        self.level("friendly").call_guide = "<p>Be kind.</p>"
        self.work_day(3)
        self.assertIn("Be kind.", str(self.dialog().call_guide))

    def test_who_may(self):
        """The auditor may not; nor may another company's collector."""
        case = self.case(self.ann)
        auditor = new_test_user(
            self.env,
            "ar_auditor_calls",
            "base.group_user,account.group_account_readonly",
            company_id=self.company.id,
        )
        other = self._create_company(name="Elsewhere")
        foreign = new_test_user(
            self.env,
            "ar_foreign_calls",
            "account.group_account_invoice",
            company_id=other.id,
            company_ids=other.ids,
        )
        for user in (auditor, foreign):
            with self.subTest(user=user.login):
                for record in (case, self.bill):
                    with self.assertRaises(AccessError):
                        record.with_env(self.env).with_user(user).action_log_call()
        with self.assertRaises(AccessError):
            self.env["ar.call"].with_user(auditor).create({"case_id": case.id})
        forged = self.env["ar.call"].with_user(foreign)
        with self.assertRaises(AccessError):
            call = forged.create({"case_id": case.id, "outcome": "reached"})
            call.action_save()
        self.assertFalse(self.entries())

    def test_what_is_held_in_part(self):
        """Beside the call, before anything is saved."""
        item = self.case(self.ann).item_ids[:1]
        self.env["ar.followup.hold"].create(
            {
                "case_id": item.case_id.id,
                "item_id": item.id,
                "is_partial": True,
                "amount": 10,
            }
        )
        shown = self.env["ar.call"].new({"case_id": item.case_id.id}).open_item_ids
        self.assertEqual((shown[:1].hold_reason, shown[:1].amount_held), ("Paused", 10))

    def test_a_number_that_is_not_to_be_dialled(self):
        """Neither a wrong one, nor one of somebody who wants no calls."""
        joe = self.customer(
            "Joe", parent_id=self.ann.id, is_company=False, phone="+1 555 0222"
        )
        self.assertEqual(self.dialog(joe).phone, "+1 555 0222")
        joe.ar_no_call = True
        self.assertEqual(self.dialog(joe).phone, "+1 555 0111")
        joe.ar_no_call = False
        self.log_call("wrong_number", record=joe)
        self.assertEqual(joe.ar_wrong_number, "+1 555 0222")
        self.assertFalse(self.ann.ar_wrong_number)
        self.assertEqual(self.dialog(joe).phone, "+1 555 0111")


@tagged("post_install", "-at_install")
class TestForged(RpcCommon):
    """What a program with a log-in may not slip past the dialog."""

    def test_a_call_closed_without_an_entry_is_only_cancelled(self):
        case = self.rows["ar.followup.case"]
        self.act_as("collector")
        kind = self.env.ref("ar_followup_plus.mail_activity_type_call")
        call = case.activity_schedule(
            act_type_xmlid="ar_followup_plus.mail_activity_type_call",
            user_id=self.people["collector"].id,
        )
        self.assertEqual(call.activity_type_id, kind)
        call.automated = True
        before = case.item_ids.level_id
        context = {"ar_call_logged": True}
        self.rpc("mail.activity", "action_feedback", call.ids, context=context)
        self.assertFalse(call.exists().filtered("active"))
        self.assertEqual(case.item_ids.level_id, before)

    def test_the_context_sets_nothing_of_the_entry(self):
        case = self.rows["ar.followup.case"]
        self.act_as("collector")
        vals = {"case_id": case.id, "outcome": "reached"}
        ids = self.rpc("ar.call", "create", [vals])
        context = {"default_automated": True, "default_user_id": 1}
        self.rpc("ar.call", "action_save", ids, context=context)
        entry = self.env["ar.call"].sudo().browse(ids).log_id
        self.assertFalse(entry.automated)
        self.assertEqual(entry.user_id, self.people["collector"])

    def test_another_companys_customers_are_not_told_of(self):
        """Nor of contacts whom one may not see."""
        case = self.rows["ar.followup.case"]
        case.partner_id.ar_no_call = True
        case.partner_id.ar_no_contact_reason = "A secret"
        spec = dict.fromkeys(SHOWN, {})
        other = self.env["res.company"].create({"name": "The Neighbour"})
        self.people["neighbour"] = new_test_user(
            self.env,
            login="ar_neighbour_calls",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.act_as("neighbour")
        self.assertRefused(
            ".", "ar.call", "onchange", [], {"case_id": case.id}, ["case_id"], spec
        )
        vals = {"case_id": case.id, "outcome": "reached"}
        self.assertRefused(".", "ar.call", "create", [vals])
        self.act_as("collector")
        hidden = self.customer("Hidden", phone="+1 555 0999", company_id=other.id)
        vals = {"case_id": case.id, "contact_person_id": hidden.id}
        shown = self.rpc("ar.call", "onchange", [], vals, [], spec)
        self.assertNotEqual(shown["value"].get("phone"), "+1 555 0999")
        vals["outcome"] = "reached"
        ids = self.rpc("ar.call", "create", [vals])
        self.assertRefused("Hidden|res.partner", "ar.call", "action_save", ids)
        self.assertRefused("Hidden|res.partner", "ar.contact.log", "create", [vals])
