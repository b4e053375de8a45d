"""Whatever happens in some weeks, these things never happen to a customer.

Random days are lived over the real database, the clock and a real mail server; what
the customers received is held against what follow-up says. Each check is shown to
notice a follow-up that breaks its rule.
"""

import contextlib
import os
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from odoo.tests import tagged

from .common import FollowupCommon
from .days_broken import BROKEN
from .days_checks import DAY_CHECKS, MAIL_CHECKS
from .days_scripts import play, scripts

#: `make soak` lives many more
EXAMPLES = int(os.environ.get("AR_FOLLOWUP_EXAMPLES", 6))

#: The same days every time; no shrinking, which takes hours with a database: the
#: failure tells the whole diary.
steady = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
class TestRandomDays(FollowupCommon):
    @contextlib.contextmanager
    def _once(self):
        """A database as it was before, once the block is over."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.clear()
            self.mend_mail_server()

    def test_whatever_happens(self):
        counted = Counter()

        @steady
        @given(scripts)
        def live(diary):
            with self._once():
                seen = play(self, diary)
                self.assertFalse(seen.found, _as_diary(diary))
                counted.update(seen.counted)

        live()
        self.assertEqual(
            set(counted), {*MAIL_CHECKS, *DAY_CHECKS}, "each check saw something"
        )

    def test_every_check_has_a_broken_follow_up(self):
        self.assertEqual(
            {broken.check for broken in BROKEN}, {*MAIL_CHECKS, *DAY_CHECKS}
        )

    def test_each_check_notices_its_broken_follow_up(self):
        sound = set()  # diaries in which nothing is wrong with the right follow-up
        for broken in BROKEN:
            with self.subTest(broken.wrong):
                if str(broken.diary) not in sound:
                    with self._once():
                        self.assertFalse(self._play(broken).found)
                    sound.add(str(broken.diary))
                with self._once(), broken.breaks():
                    found = {name for name, _text in self._play(broken).found}
                    self.assertIn(broken.check, found)

    def _play(self, broken):
        return play(self, broken.diary, people=1, afterwards=broken.days)


def _as_diary(script):
    return "\n".join(["", *map(str, script)])
