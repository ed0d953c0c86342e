"""How mail programs, in the languages they speak, announce what they quote and sign what they send."""

import re

# The line above quoted text, once put together: a program may break it twice.
_INTROS = (
    r"on .{5,300} wrote",
    r".{1,200} wrote on .{5,100}",
    r"am .{5,300} schrieb\b.{0,200}",
    r".{1,200} schrieb am .{5,100}",
    r".{1,200} hat am .{5,100} geschrieben",
    r"le .{5,300} a écrit",
    r"el .{5,300} escribió",
    r"il (?:giorno )?.{5,300} ha scritto",
    r"(?:em|no dia|a) .{5,300} escreveu",
    r".{1,200} escreveu no dia .{5,100}",
    r"op .{5,300} (?:schreef\b.{0,200}|heeft .{1,200} geschreven)",
    r"den .{5,300} skrev\b.{0,200}",
    r"(?:w dniu|dnia) .{5,300} (?:napisał(?:\(a\)|a)?|pisze)",
    r".{0,200}\d.{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>.{0,40}",
)
INTRO = re.compile(rf"\s*(?:{'|'.join(_INTROS)})\s*[:：]\s*", re.IGNORECASE)
# Right above quoted lines a date with its hour is enough, in whatever language.
_YEAR_OR_DAY, _HOUR = r"(?<!\d)(?:\d{4}|\d\d?\.\s?\d\d?\.)(?!\d)", r"(?<!\d)\d\d?[:.]\d\d(?!\d)"
DATED = re.compile(rf"(?=.{{0,300}}{_YEAR_OR_DAY})(?=.{{0,300}}{_HOUR}).{{5,300}}[:：]\s*")
# What may begin one, so that lines are put together only where that can lead somewhere.
INTRO_LINES = 4
INTRO_LENGTH = 500

_ORIGINAL = (
    r"original message|original appointment|reply message|forwarded message|begin forwarded message"
    r"|urspr(?:ü|ue?)ngliche (?:nachricht|e-?mail)|originalnachricht|weitergeleitete nachricht"
    r"|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|message (?:d'origine|d’origine|original|transféré)|début du message réexpédié"
    r"|mensaje original|mensaje reenviado|inicio del mensaje reenviado"
    r"|messaggio originale|messaggio inoltrato|mensagem original|oorspronkelijk bericht"
    r"|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti"
    r"|wiadomość oryginalna|původní zpráva|eredeti üzenet|mesaj original|orijinal mesaj|αρχικό μήνυμα"
    r"|исходное сообщение|пересылаемое сообщение|пересланное сообщение|оригінальне повідомлення"
    r"|元のメッセージ|転送されたメッセージ|原始邮件|原始郵件|转发邮件|轉寄郵件|원본 메[시세]지|원본 이메일|전달된 메[시세]지"
)
_NOTES = r".{3,200} (?:wrote|schrieb|a écrit|escribió|ha scritto)\s?:"  # HCL Notes, between the same dashes
SEPARATOR = re.compile(
    rf"\s*(?:[-_*=]{{2,80}}\s*(?:{_ORIGINAL}|{_NOTES})\s*[-_*=]{{2,80}}|(?:{_ORIGINAL})\s*[:：])\s*", re.IGNORECASE
)
RULE = re.compile(r"\s*[_\-=*]{20,}\s*")

# A block of headers, as Outlook and the web mailers of German providers put above what they answer.
_LABELS = {
    "from": "from|von|de|da|van|från|fra|od|expéditeur|remitente|mittente|lähettäjä|feladó|gönderen|kimden|odesílatel"
    "|από|от|від|差出人|送信者|发件人|發件人|寄件者|寄件人|보낸 ?사람",
    "sent": "sent|date|gesendet|datum|envoyée?(?: le)?|enviado(?: el| em)?|enviada em|fecha|inviato|data|verzonden"
    "|skickat|sendt|dato|lähetetty|päivämäärä|elküldve|dátum|gönderildi|gönderme tarihi|tarih|wysłan[oe]|odesláno|trimis"
    "|στάλθηκε|ημερομηνία|отправлено|дата|надіслано|送信日時|日時|日付|发送时间|發送時間|日期|傳送時間|寄件日期"
    "|보낸 ?날짜|날짜",
    "to": "to|an|à|a|para|aan|till|til|destinataire|destinatario|do|komu|vastaanottaja|címzett|kime|alıcı|către"
    "|προς|кому|宛先|收件人|收件者|받는 ?사람",
    "subject": "subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|předmět|aihe|tárgy|konu"
    "|subiect|θέμα|тема|件名|主题|主題|主旨|제목",
}
HEADERS = {
    name: re.compile(rf"\s*[*_]{{0,2}}(?:{words})\s?[:：][*_]{{0,2}}\s*\S.*", re.IGNORECASE)
    for name, words in _LABELS.items()
}
HEADER_LINES = 8  # an address list may run over several

_THINGS = (
    r"iphone|ipad|apple|mac\b|android|galaxy|samsung|huawei|xiaomi|redmi|oneplus|pixel|fairphone|nokia|motorola|outlook"
    r"|yahoo|gmail|aol|proton|tuta|mail\b|e-mail\b|blackberry|windows|mobile?|móvil|handy|smartphone|phone|telefoon|telefon"
    r"|téléphone|teléfono|telefono|telemóvel|celular|ger(?:ä|ae)t|device|tablet|tablette|gmx|web\.de|t-online|freenet"
    r"|posteo|mailbox|thunderbird|spark|k-9|fairemail|orange|free\.fr|libero|laposte|hotmail|zoho|fastmail|canary|airmail"
    r"|mail\.ru|яндекс|телефона|メール|手机|手機|邮箱"
)
_SENT_FROM = (
    r"(?:sent|written) (?:from|with|via|using|by) .{0,60}(?:THINGS).{0,80}",
    r"get (?:outlook|yahoo mail|the .{1,20} app) .{0,80}",
    r"von (?:meinem|meiner|unterwegs|m\.) .{0,80}(?:gesendet|geschickt)\S?",
    r"gesendet (?:von|mit|über|aus|via) .{0,60}(?:THINGS).{0,80}",
    r"diese (?:nachricht|e-mail|mail) wurde (?:von|mit) .{0,80}(?:gesendet|versendet|verschickt)\S?",
    r"(?:holen sie sich|laden sie) outlook .{0,80}",
    r"outlook für .{1,20} (?:beziehen|herunterladen|abrufen).{0,60}",
    r"envoyé (?:de|depuis|à partir de|avec|via|par|du) .{0,60}(?:THINGS).{0,80}",
    r"(?:télécharge[rz]|obtene[rz]|obtenir) outlook .{0,80}",
    r"enviado (?:desde|con|de|do|da|a partir do|pelo|por) .{0,60}(?:THINGS).{0,80}",
    r"(?:obtener|obtenga|descarga[r]?|consigue|obter o|baixa[r]? o) outlook .{0,80}",
    r"inviato (?:da|dal|con|tramite) .{0,60}(?:THINGS).{0,80}",
    r"(?:scarica|ottieni) outlook .{0,80}",
    r"(?:verstuurd|verzonden|gestuurd) (?:vanaf|met|vanuit|via|van) .{0,60}(?:THINGS).{0,80}",
    r"outlook (?:voor .{1,20} )?downloaden.{0,60}",
    r"(?:skickat från|sendt fra) .{0,60}(?:THINGS).{0,80}",
    r"lähetetty .{0,60}(?:THINGS).{0,60}",
    r"(?:wysłan[eo] z|odesláno z|odoslané z|trimis de pe|στάλθηκε από) .{0,60}(?:THINGS).{0,60}",
    r"(?:отправлено|надіслано) (?:с|со|из|через|з|із) .{0,60}(?:THINGS).{0,60}",
    r".{0,30}(?:THINGS).{0,30}(?:gönderildi|から送信|에서 보냄)\S?",
    r"(?:发自|發自|从我的|從我的) ?.{0,40}(?:THINGS).{0,20}",
    r"virus-free.{0,60}|virenfrei\b.{0,60}",
    r"(?:this email has been checked for viruses|diese e-mail wurde von avast).{0,80}",
)
SENT_FROM = re.compile(
    rf"\s*(?:{'|'.join(_SENT_FROM)})\s*".replace("THINGS", _THINGS),
    re.IGNORECASE,
)
SENT_FROM_LENGTH = 140

SIGNED = re.compile(r"-- ?\s*|—\s*")
