"""The Amazon SES identity of `reportSender`. It is not of the stack: others may use it, and it outlives the stack."""

from typing import Any

from imagelabels.errors import UserError


def ensure_identity(ses: Any, sender: str) -> str:
    """Use the identity of an address, or of its domain, that SES has; make the address's if there is neither.

    Return a sentence that says what was found, and what is to be done. Raises UserError for an identity that cannot
    send. `ses` is a client of sesv2.
    """
    for name in (sender, sender.rpartition("@")[2]):
        try:
            found = ses.get_email_identity(EmailIdentity=name)
        except ses.exceptions.NotFoundException:
            continue
        if found.get("VerifiedForSendingStatus"):
            return f"Sender:            {sender} sends with the SES identity {name}, which is verified"
        if name == sender:
            return f"Sender:            confirm what Amazon SES asks in the inbox of {sender}, or no report is mailed"
    try:
        ses.create_email_identity(EmailIdentity=sender)
    except ses.exceptions.AlreadyExistsException as error:
        raise UserError(f"Somebody makes the SES identity {sender} at this moment: deploy again.") from error
    return f"Sender:            Amazon SES has a new identity {sender}: confirm what it asks in that inbox"
