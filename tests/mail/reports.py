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
# With addresses beyond ASCII (RFC 6533).
INTERNATIONAL = (
    POSTFIX.replace("message/delivery-status", "message/global-delivery-status")
    .replace("message/rfc822", "message/global")
    .replace("rfc822; {to}", "utf-8; {to}")
)
EXIM = """\
Return-path: <>
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: waymark@waymark.test
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1@mx.example.net>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

  {to}
    SMTP error from remote mail server after RCPT TO:<{to}>:
    host mail.example.org [192.0.2.4]: 550 {status} User unknown

------ This is a copy of the message, including all the headers. ------

Return-path: <waymark@waymark.test>
From: Waymark <waymark@waymark.test>
To: {to}
Message-ID: {reference}

Hello
"""
QMAIL = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: waymark@waymark.test
Subject: failure notice
Message-ID: <20261128.1.qmail@mx.example.net>

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
192.0.2.4 does not like recipient.
Remote host said: 550 {status} User unknown
Giving up on 192.0.2.4.

--- Below this line is a copy of the message.

Return-Path: <waymark@waymark.test>
Message-ID: {reference}
From: Waymark <waymark@waymark.test>
To: {to}
"""
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
