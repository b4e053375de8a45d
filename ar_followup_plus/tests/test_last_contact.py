"""The last contact with a customer, told in a row of the worklist."""

from odoo.tests import tagged

from .test_score import ScoreCommon


@tagged("post_install", "-at_install")
class TestLastContact(ScoreCommon):
    def setUp(self):
        super().setUp()
        self.ann = self.customer("Ann")
        self.invoice(self.ann, 100, due=0)
        self.Case.create({"partner_id": self.ann.id})

    def told(self, partner):
        self.env.invalidate_all()
        return self.Case.browse(self.case(partner).id).last_contact

    def test_nobody_has_spoken_yet(self):
        self.assertFalse(self.told(self.ann))

    def test_who_when_how_and_what(self):
        self.travel(6)
        person = self.customer("Paula", parent_id=self.ann.id, is_company=False)
        self.log(self.ann, 5, summary="Pays on Friday.", contact_person_id=person.id)
        self.log(self.ann, 4, summary="Written down later.")
        told = self.told(self.ann)
        self.assertEqual(told["day"], "Jan 10, 2026")
        self.assertEqual(told["title"], "Phone: Reached")
        self.assertEqual(told["text"], "Pays on Friday.\nWith Paula")
        self.assertEqual(told["user"], "Carla Collector")
        self.assertEqual(told["icon"], "fa-phone")

    def test_our_reminders_count_too(self):
        self.work_day(3)
        told = self.told(self.ann)
        self.assertEqual((told["day"], told["title"]), ("Jan 8, 2026", "Email: Sent"))

    def test_a_mistake_is_not_what_was_last(self):
        self.travel(6)
        self.log(self.ann, 3, summary="right")
        mistake = self.log(self.ann, 5, summary="of another customer")
        self.assertEqual(self.told(self.ann)["text"], "of another customer")
        self.log(
            self.ann, 2, correction_of_id=mistake.id, summary="no call", outcome="other"
        )
        self.assertEqual(self.told(self.ann)["text"], "right")

    def test_each_customer_has_their_own(self):
        others = [self.customer(f"Other {n}") for n in range(3)]
        for number, partner in enumerate(others):
            self.Case.create({"partner_id": partner.id})
            for back in range(3):
                self.log(partner, -back, summary=f"{number} {back}")
        self.env.invalidate_all()
        cases = self.Case.browse([self.case(partner).id for partner in others])
        texts = [contact["text"] for contact in cases.mapped("last_contact")]
        self.assertEqual(texts, ["0 0", "1 0", "2 0"])
