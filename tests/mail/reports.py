"""Bounces and spam reports as mail servers write them."""

from email import message_from_bytes

HEAD = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: waymark@waymark.test
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <20261128.4AB@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=%s; boundary="B0"

This is a MIME-encapsulated message.

--B0
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B0
"""
POSTFIX = (
    HEAD
    + """\
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4AB
Arrival-Date: Sat, 28 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected: User
    unknown in virtual mailbox table

--B0
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Waymark <waymark@waymark.test>
To: {to}
Subject: Your week
Message-ID: {reference}
Content-Type: text/plain

Hello

--B0--
"""
)
# Exchange and Gmail return headers only.
HEADERS_ONLY = (
    HEAD
    + """\
Content-Type: message/delivery-status

Reporting-MTA: dns;prod.example.com

Final-Recipient: rfc822;{to}
Action: {action}
Status: {status}

--B0
Content-Type: text/rfc822-headers

To: {to}
Message-ID:
 {reference}

--B0--
"""
)
NOTHING_RETURNED = (
    HEAD.replace("MIME-Version", "In-Reply-To: {reference}\nReferences: <1@elsewhere> {reference}\nMIME-Version")
    + """\
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: RFC822; <{to}>
Action: {action}
Status: {status} (bad destination mailbox address)

--B0--
"""
)
FORWARDED = POSTFIX.replace("Final-Recipient: rfc822; {to}", "Final-Recipient: rfc822; other@elsewhere.example")
# A feedback loop (RFC 5965), with and without the address.
COMPLAINT = (
    HEAD
    + """\
Content-Type: message/feedback-report

Feedback-Type: {action}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: {to}

--B0
Content-Type: message/rfc822

From: Waymark <waymark@waymark.test>
To: {to}
Subject: Your week
Message-ID: {reference}

Hello

--B0--
"""
)
COMPLAINT_WITHOUT_ADDRESS = COMPLAINT.replace("Original-Rcpt-To: {to}\n", "Arrival-Date: now\n")


def report(shape, *, reference="<1@waymark.test>", to="ann@example.org", action="failed", status="5.1.1"):
    kind = "feedback-report" if shape in {COMPLAINT, COMPLAINT_WITHOUT_ADDRESS} else "delivery-status"
    text = shape.replace("report-type=%s", f"report-type={kind}")
    for name, value in {"reference": reference, "to": to, "action": action, "status": status}.items():
        text = text.replace("{" + name + "}", value)
    return message_from_bytes(text.encode())
