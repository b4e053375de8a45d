"""The demo's mail server, over real connections."""

import email
import email.policy
import smtplib
from email.message import EmailMessage

import pytest
from smtp_sink import MailFolder, slug


@pytest.fixture
def server(tmp_path):
    with MailFolder(tmp_path / "mails") as running:
        yield running


def send(server, subject, to="Anne@Example.com", **more):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ar@example.com", to, subject
    mail.set_content("Bonjour")
    with smtplib.SMTP(server.hostname, server.port) as connection:
        connection.send_message(mail, **more)


def test_a_mail_becomes_a_file_that_mail_programs_open(server):
    send(server, "Facture échue n° 7")
    [kept] = server.mails
    assert kept.name.endswith("_anne-at-example-com_facture-echue-n-7.eml")
    mail = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert mail["Subject"] == "Facture échue n° 7"


def test_the_same_mail_twice_makes_two_files(server):
    for _each in range(3):
        send(server, "Reminder")
    assert len({mail.read_bytes() for mail in server.mails}) == 1
    assert len(server.mails) == 3


def test_a_name_comes_from_the_envelope_and_never_leaves_the_folder(server, tmp_path):
    send(server, "../../etc/passwd", to_addrs=["../x@example.com"])
    [kept] = server.mails
    assert kept.parent == tmp_path / "mails"
    assert kept.name.endswith("_x-at-example-com_etc-passwd.eml")


def test_no_mail_is_accepted_that_could_not_be_kept(server, tmp_path):
    (tmp_path / "mails").rmdir()
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(server, "Reminder")
    assert refused.value.smtp_code == 452


@pytest.mark.parametrize("empty", [None, "", "…", "日本"])
def test_a_slug_of_nothing_is_nothing(empty):
    assert slug(empty) == ""


def test_an_address_can_be_refused(tmp_path):
    with MailFolder(tmp_path / "mails", refused="^gone-") as server:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(server, "Reminder", to="gone-anne@example.com")
        send(server, "Reminder", to="anne@example.com")
    ((code, _text),) = refused.value.recipients.values()
    assert code == 550
    assert len(server.mails) == 1
