import unittest

from notify.journal import record
from notify.mailer import Mailer


class JournalTest(unittest.TestCase):
    def test_the_log_keeps_its_name(self) -> None:
        with self.assertLogs("monorepo.audit", level="INFO") as logs:
            record("c7", "paid", number="42")
        self.assertEqual(logs.records[0].getMessage(), "c7: Thank you, order 42 is paid.")


class MailerTest(unittest.TestCase):
    def test_a_message_waits_in_the_outbox(self) -> None:
        mailer = Mailer()
        mailer.send("c7", "sent", number="42")
        self.assertEqual(mailer.outbox[0]["To"], "c7@customers.harbour.example")


if __name__ == "__main__":
    unittest.main()
