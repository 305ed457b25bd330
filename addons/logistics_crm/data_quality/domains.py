"""The mail domain that a company can be known by."""

import re
import unicodedata

# Where anybody can have an address: the domain says nothing about the company.
PUBLIC_MAIL_DOMAINS = frozenset(
    """
    126.com 139.com 163.com 188.com 189.cn 21cn.com abv.bg aim.com alice.it aliyun.com
    aol.com arcor.de att.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br
    btinternet.com chinamail.com comcast.net cox.net daum.net email.com email.cz
    fastmail.com foxmail.com free.fr freemail.hu freenet.de gmail.com gmx.at gmx.ch
    gmx.com gmx.de gmx.fr gmx.net googlemail.com hanmail.net home.nl hotmail.be
    hotmail.ca hotmail.co.th hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr
    hotmail.it hushmail.com icloud.com iinet.net.au inbox.lv inbox.ru laposte.net
    libero.it list.ru live.ca live.cn live.co.uk live.com live.com.au live.com.mx
    live.de live.fr live.in live.it live.nl mac.com mail.com mail.ru me.com msn.com
    nate.com naver.com neuf.fr o2.pl online.de op.pl optusnet.com.au orange.fr
    outlook.be outlook.com outlook.de outlook.es outlook.fr outlook.it outlook.jp pm.me
    posteo.de proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com
    rocketmail.com rogers.com sapo.pt sbcglobal.net scarlet.be seznam.cz sfr.fr shaw.ca
    sina.cn sina.com sina.com.cn skynet.be sky.com sohu.com t-online.de talktalk.net
    telenet.be telstra.com terra.com.br tin.it tiscali.it tom.com ukr.net uol.com.br
    verizon.net videotron.ca vip.163.com vip.126.com vip.qq.com vip.sina.com virgilio.it
    wanadoo.fr web.de windowslive.com wo.cn wp.pl xs4all.nl ya.ru yahoo.ca yahoo.cn
    yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.kr yahoo.co.th yahoo.co.uk yahoo.com
    yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.hk yahoo.com.mx
    yahoo.com.my yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.vn
    yahoo.de yahoo.es yahoo.fr yahoo.gr yahoo.in yahoo.it yandex.com yandex.ru yeah.net
    ymail.com ziggo.nl zoho.com
    """.split()  # noqa: SIM905
)
ADDRESS = re.compile(r"[^\s<>,;:\"]+@([^\s<>,;:\"@]+)")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")


def mail_domain(address: str | None) -> str | None:
    """Return the domain of the first mail address in a text, in lower case.

    None for a public mail host (gmail.com, qq.com), and where there is no address.
    A domain in national letters comes as it stands in the DNS (xn--...).

    >>> mail_domain("Li Wei <Li.Wei@Acme-Logistics.CN>, ops@other.com")
    'acme-logistics.cn'
    >>> mail_domain("wei@qq.com") is None
    True
    """
    found = ADDRESS.search(unicodedata.normalize("NFKC", address or ""))
    if not found:
        return None
    domain = found[1].strip(".").lower()
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not HOST.fullmatch(domain) or domain in PUBLIC_MAIL_DOMAINS:
        return None
    return domain
