"""Write the ports and airports that logistics_crm ships.

Run it in an environment of its own, the two packages are needed only here:

    python -m venv /tmp/seed && /tmp/seed/bin/pip install searoute airportsdata
    /tmp/seed/bin/python tools/seed_locations.py

Sources: searoute's data/ports.geojson (code, name, coordinates) and airportsdata
(IATA code, name, coordinates). Codes, English names where the source has an odd
one, and aliases are chosen below.
"""

import csv
import importlib.util
import json
import re
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "addons" / "logistics_crm" / "data"

PORTS = """
CNSHA CNNGB CNYTN CNSHK CNSZX CNTAO CNTXG CNXMN CNCAN CNNSA CNDLC CNLYG CNFOC CNYIK
CNYNT CNNTG CNNKG CNWUH CNZOS CNZJG CNSWA CNZHA CNHAK CNQZH CNQZJ CNFAN CNRZH CNWEI
CNHUA CNZUH CNZSN CNWNZ CNCKG CNCWN CNDCB CNJMN CNTAG CNSHP CNDDG CNZAP
HKHKG MOMFM TWKHH TWKEL TWTXG TWTPE
JPTYO JPYOK JPUKB JPOSA JPNGO JPHKT JPMOJ JPSMZ JPKWS JPCHB JPTMK JPSDJ JPHIJ JPNAH
JPKIJ JPYKK KRPUS KRINC KRKAN KRUSN KRPTK KRKPO
SGSIN MYPKG MYTPP MYPEN MYPGU MYKUA MYBTU MYKCH MYBKI MYSDK
THLCH THBKK THSGZ THLKR VNSGN VNHPH VNCMT VNVUT VNDAD VNUIH VNCLN
IDJKT IDSUB IDSRG IDBLW IDBPN IDPLM IDMAK IDBTM PHMNL PHCEB PHDVO PHSFS PHBTG PHCGY
KHKOS KHPNH MMRGN BNMUA
INNSA INMUN INMAA INBOM INCCU INCOK INTUT INVTZ INPAV INHZA INKAT INKRI INENR INHAL
PKKHI PKBQM BDCGP BDMGL LKCMB MVMLE
AEJEA AEAUH AESHJ AEAJM AERKT AEKLF AEFJR SAJED SADMM SAJUB SAKAC QAHMD BHKBS KWSWK
KWSAA OMSLL OMSOH IQUQR IRBND JOAQJ YEADE YEHOD DJJIB SDPZU
ILHFA ILASH LBBEY SYLTK TRMER TRIST TRIZM TRGEB TRGEM TRALI TRISK TRAMR TRTEK TRSSX
TRAYT TRIZT CYLMS GRPIR GRSKG BGVAR BGBOJ ROCND UAODS UAILK GEPTI GEBUS
RULED RUNVS RUVVO RUVYP RUULU RUKGD
ITGOA ITSPE ITLIV ITNAP ITGIT ITTRS ITVCE ITRAN ITCAG ITSAL ITTAR ITAOI ITCVV ITPMO
MTMAR SIKOP HRRJK HRPLE MEBAR ALDRZ
ESALG ESVLC ESBCN ESBIO ESLPA ESVGO ESALC ESCAR ESCAD ESTAR PTLIS PTLEI PTSIE PTSET
FRLEH FRFOS FRMRS FRMTX FRDKK FRBOD FRLRH FRURO BEANR BEZEE BEGNE
NLRTM NLAMS NLVLI NLMOE DEHAM DEBRV DEBRE DEWVN DEKEL DELBC DERSK
GBFXT GBSOU GBLGP GBLON GBTIL GBLIV GBIMM GBGRG GBHUL GBTEE GBBRS GBBEL IEDUB IEORK
DKAAR DKCPH DKFRC DKAAL SEGOT SESTO SEHEL SENRK SEGVX SEMMA NOOSL NOBGO NOSVG NOAES
NOLAR FIHEL FIKTK FIRAU FIOUL EETLL LVRIX LTKLJ PLGDN PLGDY PLSZZ ISREY
USLAX USLGB USOAK USSEA USTIW USNYC USORF USSAV USCHS USBAL USPHL USBOS USJAX USMIA
USPEF USHOU USMSY USMOB USTPA USHNL USANC USCLE USCHI USGPT USILG USSAN
CAVAN CAPRR CAMTR CAHAL CASJB CATOR CAQUE
MXZLO MXLZC MXVER MXATM MXESE MXPGO MXMZT GTPRQ GTSTC GTPBR BZBZE SVAQJ HNPCR NICIO
CRLIO CRCAL CRMOB PAMIT PABLB PAONX PACTB
CUHAV CUMAR DOCAU DOHAI HTPAP JMKIN PRSJU TTPOS TTPTS BBBGI BSFPO CWWIL GPPTP MQFDF
COCTG COBUN COBAQ COSMR VELAG VEPBL GYGEO SRPBM ECGYE ECPSJ PECLL PEPAI PEMRI
CLSAI CLVAP CLSVE CLLQN CLIQQ CLARI CLANF CLCNL CLPAG
BRSSZ BRPNG BRRIO BRIGI BRITJ BRNVT BRIOA BRRIG BRSSA BRSUA BRMAO BRPEC BRVIX BRIBB
ARBUE ARROS ARZAE ARUSH UYMVD PYASU
MACAS MAAGA MATNG DZALG DZORN DZBJA DZSKI TNTUN TNRDS TNSFA LYTIP LYMRA LYBEN
EGPSD EGDAM EGALY EGEDK EGSOK
SNDKR GMBJL GNCKY SLFNA LRMLW CIABJ CISPY GHTEM GHTKD TGLFW BJCOO NGAPP NGTIN NGONN
CMDLA CMKBI GALBV GAPOG CGPNR CDMAT AOLAD AOLOB MRNKC CVRAI
NAWVB ZADUR ZACPT ZAPLZ ZAZBA ZAELS ZARCB MZMPM MZBEW MZMNC TZDAR KEMBA SOMGQ SOBBO
MGTMM MUPLU REPDG SCPOV YTLON
AUSYD AUMEL AUBNE AUFRE AUADL AUDRW AUTSV AUBEL AUBWT AUHBA
NZAKL NZTRG NZLYT NZWLG NZNPE NZPOE FJSUV PGLAE PGPOM NCNOU PFPPT WSAPW
""".split()  # noqa: SIM905

# ports that searoute has under a code that is not theirs in UN/LOCODE
SOURCE_CODES = {
    "BHKBS": "BHBAH",
    "BRIGI": "BRSEP",
    "CNTAG": "CNTAC",
    "CNTXG": "CNXIP",
    "FIOUL": "FIOLU",
    "IDBTM": "IDPBA",
    "IDMAK": "IDMAC",
    "JOAQJ": "JOAQB",
    "MGTMM": "MGTOA",
    "SADMM": "SADMN",
    "TNRDS": "TNRAD",
}

PORT_NAMES = {
    "BDCGP": "Chattogram",
    "BEANR": "Antwerp",
    "BEZEE": "Zeebrugge",
    "BHKBS": "Khalifa Bin Salman",
    "BRIGI": "Itaguai",
    "BRRIO": "Rio de Janeiro",
    "BRSFS": "Sao Francisco do Sul",
    "CAVAN": "Vancouver",
    "CNTXG": "Tianjin Xingang",
    "CNZHA": "Zhanjiang",
    "CNZAP": "Zhapu",
    "CNQZH": "Qinzhou",
    "DKCPH": "Copenhagen",
    "DZALG": "Algiers",
    "EGEDK": "El Dekheila",
    "ESCAR": "Cartagena, Spain",
    "FRDKK": "Dunkirk",
    "GBLGP": "London Gateway",
    "GTSTC": "Santo Tomas de Castilla",
    "IDBTM": "Batam",
    "IDMAK": "Makassar",
    "INCCU": "Kolkata",
    "INCOK": "Kochi",
    "ITGOA": "Genoa",
    "ITNAP": "Naples",
    "KHKOS": "Sihanoukville",
    "KRPTK": "Pyeongtaek",
    "KRPUS": "Busan",
    "LYMRA": "Misurata",
    "MEBAR": "Bar",
    "MYBTU": "Bintulu",
    "MYKUA": "Kuantan",
    "MYPKG": "Port Klang",
    "MYSDK": "Sandakan",
    "NGTIN": "Tin Can Island",
    "PAMIT": "Manzanillo, Panama",
    "PHCEB": "Cebu",
    "PTLIS": "Lisbon",
    "QAHMD": "Hamad",
    "SEGOT": "Gothenburg",
    "SRPBM": "Paramaribo",
    "TRIZT": "Izmit",
    "USSEA": "Seattle",
    "YTLON": "Longoni",
}

# Kunming's airport moved in 2012, the source has the old place
AIRPORT_COORDINATES = {"KMG": (25.101944, 102.929167)}

# base names some countries by another code
COUNTRY_IDS = {"gb": "uk"}

AIRPORTS = """
PVG SHA PEK PKX CAN SZX CGO CTU TFU CKG WUH XIY HGH NKG TAO TSN XMN FOC DLC SHE HRB CSX
KMG NNG HAK NGB WNZ TNA URC KWE KHN HFE WUX NTG EHU JJN ZUH HKG MFM TPE KHH RMQ
NRT HND KIX NGO FUK CTS OKA KKJ ICN GMP PUS CJU
SIN KUL PEN JHB BKI KCH BKK DMK HKT CNX SGN HAN DAD CGK SUB DPS KNO UPG MNL CEB CRK
KTI SAI VTE RGN BWN
DEL BOM MAA BLR HYD CCU COK AMD GOI TRV KHI LHE ISB DAC CGP CMB KTM MLE
DXB DWC AUH SHJ DOH BAH KWI RUH JED DMM MCT SLL BGW EBL IKA AMM BEY TLV
IST SAW ESB ADB AYT ALA NQZ TAS BSZ GYD TBS EVN ULN
FRA MUC HHN LEJ CGN DUS HAM BER STR HAJ NUE BRE AMS MST EIN BRU LGG ANR OST LUX
CDG ORY LYS MRS TLS NCE BOD XCR LHR LGW STN LTN EMA MAN BHX GLA EDI BRS NCL BFS
DUB SNN ORK ZRH GVA BSL VIE LNZ SZG PRG BRQ BTS BUD WAW KTW POZ GDN WRO
MXP LIN BGY FCO VCE BLQ NAP TRN PSA CTA MAD BCN VLC ZAZ VIT BIO AGP SVQ LPA PMI LIS OPO
ATH SKG LCA MLA OTP CLJ SOF BEG ZAG LJU SJJ SKP TIA TGD
CPH BLL ARN GOT MMX OSL BGO SVG HEL TLL RIX VNO KEF SVO DME VKO LED SVX OVB VVO
ORD JFK EWR LAX MIA ATL DFW IAH SFO OAK SEA BOS IAD PHL ANC MEM SDF CVG IND ONT RFD
CLT DTW MSP DEN PHX LAS SAN PDX SLC MCO TPA FLL BWI CLE CMH PIT STL MCI AUS SAT HSV
LCK AFW HNL TOL
YYZ YVR YUL YYC YEG YMX YHM YWG YOW YHZ
MEX NLU GDL MTY QRO TIJ CUN GUA SAL SAP TGU MGA SJO PTY SDQ SJU AGU HAV KIN NAS BGI POS
BOG MDE CLO UIO GYE LIM SCL VVI ASU MVD EZE COR CCS GRU VCP GIG CWB POA CNF SSA REC
FOR MAO
CAI CMN ALG TUN RAK LOS ABV ACC ABJ DSS COO LFW DLA LBV LAD FIH NBO EBB DAR KGL ADD JRO
JNB CPT DUR MPM LUN HRE WDH GBE TNR MRU RUN KRT JIB
SYD MEL BNE PER ADL CNS DRW AKL CHC WLG NAN POM NOU PPT GUM
""".split()  # noqa: SIM905

# where the place and the airport's own name make something nobody says, or the name
# of the port
AIRPORT_NAMES = {
    "ADL": "Adelaide Airport",
    "AFW": "Fort Worth Alliance",
    "AKL": "Auckland Airport",
    "AMD": "Ahmedabad",
    "ANC": "Anchorage Airport",
    "ANR": "Antwerp Deurne",
    "ATH": "Athens",
    "ATL": "Atlanta",
    "AUH": "Abu Dhabi Airport",
    "AUS": "Austin",
    "AYT": "Antalya Airport",
    "BAH": "Bahrain Airport",
    "BCN": "Barcelona Airport",
    "BEY": "Beirut Airport",
    "BFS": "Belfast Airport",
    "BGI": "Bridgetown Airport",
    "BGY": "Milan Bergamo",
    "BIO": "Bilbao Airport",
    "BKI": "Kota Kinabalu Airport",
    "BLQ": "Bologna",
    "BLR": "Bengaluru",
    "BNE": "Brisbane Airport",
    "BOD": "Bordeaux Merignac",
    "BOM": "Mumbai Airport",
    "BOS": "Boston Logan",
    "BRE": "Bremen Airport",
    "BRS": "Bristol Airport",
    "BSL": "Basel Mulhouse",
    "BWI": "Baltimore Washington",
    "BWN": "Brunei",
    "CAN": "Guangzhou Baiyun",
    "CCS": "Caracas Maiquetia",
    "CCU": "Kolkata Airport",
    "CDG": "Paris Charles de Gaulle",
    "CEB": "Cebu Mactan",
    "CGK": "Jakarta Soekarno-Hatta",
    "CGP": "Chattogram Airport",
    "CJU": "Jeju",
    "CLJ": "Cluj-Napoca",
    "CLO": "Cali",
    "CLT": "Charlotte",
    "CMB": "Colombo Bandaranaike",
    "CMH": "Columbus",
    "CNF": "Belo Horizonte Confins",
    "COK": "Kochi Airport",
    "COR": "Cordoba",
    "CPT": "Cape Town Airport",
    "CRK": "Clark",
    "CTA": "Catania",
    "CTS": "Sapporo New Chitose",
    "CVG": "Cincinnati",
    "DAC": "Dhaka",
    "DAD": "Da Nang Airport",
    "DAR": "Dar es Salaam Airport",
    "DLA": "Douala Airport",
    "DMM": "Dammam King Fahd",
    "DPS": "Denpasar Bali",
    "DRW": "Darwin Airport",
    "DSS": "Dakar Blaise Diagne",
    "DTW": "Detroit",
    "DUB": "Dublin Airport",
    "DUS": "Dusseldorf",
    "DWC": "Dubai Al Maktoum",
    "DXB": "Dubai Airport",
    "EBL": "Erbil",
    "EMA": "East Midlands",
    "EWR": "Newark Liberty",
    "EZE": "Buenos Aires Ezeiza",
    "FCO": "Rome Fiumicino",
    "FLL": "Fort Lauderdale",
    "FRA": "Frankfurt",
    "GDL": "Guadalajara",
    "GDN": "Gdansk Airport",
    "GIG": "Rio de Janeiro Galeao",
    "GOI": "Goa Dabolim",
    "GRU": "Sao Paulo Guarulhos",
    "GUM": "Guam",
    "HAM": "Hamburg Airport",
    "HAV": "Havana Jose Marti",
    "HHN": "Frankfurt-Hahn",
    "HKG": "Hong Kong Airport",
    "HND": "Tokyo Haneda",
    "HNL": "Honolulu Airport",
    "HSV": "Huntsville",
    "HYD": "Hyderabad",
    "IAH": "Houston Intercontinental",
    "IKA": "Tehran Imam Khomeini",
    "IST": "Istanbul Airport",
    "JFK": "New York John F. Kennedy",
    "JHB": "Johor Bahru Senai",
    "JIB": "Djibouti Airport",
    "JJN": "Quanzhou Airport",
    "JRO": "Kilimanjaro",
    "KCH": "Kuching Airport",
    "KHH": "Kaohsiung Airport",
    "KMG": "Kunming Changshui",
    "KNO": "Medan Kualanamu",
    "KTI": "Phnom Penh Techo",
    "KWI": "Kuwait",
    "LAX": "Los Angeles Airport",
    "LCK": "Columbus Rickenbacker",
    "LFW": "Lome Airport",
    "LGG": "Liege",
    "LHR": "London Heathrow",
    "LPA": "Gran Canaria",
    "LUX": "Luxembourg",
    "MAA": "Chennai Airport",
    "MDE": "Medellin Rionegro",
    "MEL": "Melbourne Airport",
    "MEM": "Memphis",
    "MEX": "Mexico City Benito Juarez",
    "MFM": "Macau Airport",
    "MGA": "Managua",
    "MIA": "Miami Airport",
    "MLA": "Malta Luqa",
    "MLE": "Male Airport",
    "MPM": "Maputo Airport",
    "MRU": "Mauritius",
    "MSP": "Minneapolis St Paul",
    "MTY": "Monterrey",
    "MUC": "Munich",
    "MVD": "Montevideo Carrasco",
    "NAP": "Naples Capodichino",
    "NGO": "Nagoya Chubu Centrair",
    "NLU": "Mexico City Felipe Angeles",
    "NQZ": "Astana",
    "NTG": "Nantong Airport",
    "OAK": "Oakland Airport",
    "OKA": "Naha Airport",
    "ONT": "Ontario California",
    "OPO": "Porto Airport",
    "ORD": "Chicago O'Hare",
    "ORK": "Cork Airport",
    "ORY": "Paris Orly",
    "OST": "Ostend-Bruges",
    "PEK": "Beijing Capital",
    "PEN": "Penang Airport",
    "PHL": "Philadelphia Airport",
    "PKX": "Beijing Daxing",
    "POZ": "Poznan",
    "PRG": "Prague Vaclav Havel",
    "PSA": "Pisa",
    "PTY": "Panama Tocumen",
    "PVG": "Shanghai Pudong",
    "REC": "Recife",
    "RFD": "Chicago Rockford",
    "RGN": "Yangon Airport",
    "RIX": "Riga Airport",
    "RMQ": "Taichung Airport",
    "RUH": "Riyadh King Khalid",
    "RUN": "Reunion Roland Garros",
    "SAL": "San Salvador",
    "SAN": "San Diego Airport",
    "SAP": "San Pedro Sula",
    "SAT": "San Antonio Texas",
    "SCL": "Santiago de Chile",
    "SEA": "Seattle-Tacoma",
    "SGN": "Ho Chi Minh City Tan Son Nhat",
    "SHA": "Shanghai Hongqiao",
    "SHJ": "Sharjah Airport",
    "SIN": "Singapore Changi",
    "SLL": "Salalah Airport",
    "SSA": "Salvador Airport",
    "SYD": "Sydney Airport",
    "TAO": "Qingdao Jiaodong",
    "TFU": "Chengdu Tianfu",
    "TIJ": "Tijuana",
    "TLL": "Tallinn Airport",
    "TLS": "Toulouse Blagnac",
    "TNR": "Antananarivo",
    "TOL": "Toledo Express",
    "TPA": "Tampa Airport",
    "TPE": "Taipei Taoyuan",
    "TRN": "Turin Caselle",
    "TRV": "Thiruvananthapuram",
    "UIO": "Quito Mariscal Sucre",
    "ULN": "Ulaanbaatar",
    "UPG": "Makassar Hasanuddin",
    "VCE": "Venice Marco Polo",
    "VIT": "Vitoria Foronda",
    "VLC": "Valencia Airport",
    "VVO": "Vladivostok Airport",
    "WLG": "Wellington Airport",
    "WRO": "Wroclaw",
    "XCR": "Paris Vatry",
    "YHM": "Hamilton",
    "YHZ": "Halifax Airport",
    "YMX": "Montreal Mirabel",
    "YOW": "Ottawa",
    "YUL": "Montreal Trudeau",
    "YVR": "Vancouver Airport",
    "YWG": "Winnipeg",
    "YYZ": "Toronto Pearson",
    "ZAZ": "Zaragoza",
    "ZUH": "Zhuhai Airport",
}

# spellings of rate sheets, former names, Chinese names; separated by |
ALIASES = """
CNSHA SHANGHAI PORT|YANGSHAN|WAIGAOQIAO|上海|上海港|洋山|外高桥
CNNGB NINGBO-ZHOUSHAN|NINGBO ZHOUSHAN|NINGPO|宁波|宁波港|宁波舟山
CNYTN YANTIAN, SHENZHEN|SHENZHEN YANTIAN|盐田|深圳盐田
CNSHK SHENZHEN SHEKOU|蛇口|深圳蛇口
CNSZX 深圳|SHENZHEN PORT
CNTAO TSINGTAO|青岛|青岛港
CNTXG TIANJIN|TIANJIN PORT|XINGANG|TIANJINXINGANG|CNTSN|CNXGG|天津|天津新港|新港
CNXMN AMOY|厦门|厦门港
CNCAN CANTON|广州|广州港
CNNSA NANSHA, GUANGZHOU|GUANGZHOU NANSHA|南沙|广州南沙
CNDLC DALIAN PORT|大连|大连港
CNLYG LIANYUNGANG PORT|连云港
CNFOC FUZHOU PORT|福州
CNYIK BAYUQUAN|营口|鲅鱼圈
CNYNT 烟台
CNNTG 南通
CNNKG 南京
CNWUH 武汉
CNZOS 舟山
CNZJG 张家港
CNSWA SWATOW|汕头
CNZHA 湛江
CNHAK 海口
CNQZH QINZHOU PORT|钦州
CNQZJ 泉州
CNFAN FANGCHENGGANG|防城|防城港
CNRZH 日照
CNWEI 威海
CNHUA WHAMPOA|黄埔
CNZUH 珠海
CNZSN 中山
CNWNZ 温州
CNCKG 重庆
CNCWN 赤湾
CNDCB DACHAN BAY|大铲湾
CNJMN 江门
CNTAG TAICANG PORT|太仓
CNSHP CNQHD|秦皇岛
CNDDG 丹东
CNZAP JIAXING|乍浦|嘉兴
HKHKG HONGKONG|香港
MOMFM MACAO|澳门
TWKHH KAOHSIUNG PORT|高雄
TWKEL CHILUNG|JILONG|基隆
TWTXG 台中
TWTPE 台北
JPTYO 东京
JPYOK 横滨
JPUKB 神户
JPOSA 大阪
JPNGO 名古屋
JPHKT FUKUOKA|博多
JPMOJ 门司
JPSMZ 清水
JPKWS 川崎
JPCHB 千叶
JPTMK 苫小牧
JPSDJ 仙台
JPHIJ 广岛
JPNAH 那霸
JPYKK 四日市
KRPUS PUSAN|BUSAN NEW PORT|KRBNP|釜山
KRINC INCHON|仁川
KRKAN KWANGYANG|光阳
KRUSN 蔚山
KRPTK PYONGTAEK|平泽
KRKPO 浦项
SGSIN 新加坡
MYPKG PORT KELANG|PORT KLANG WEST|PORT KLANG NORTH|PKLG|巴生|巴生港
MYTPP TANJUNG PELAPAS|PTP|丹戎帕拉帕斯
MYPEN GEORGETOWN, PENANG|PULAU PINANG|槟城
MYPGU 巴西古当
THLCH LAEMCHABANG|LCB|林查班
THBKK BANGKOK PAT|曼谷
THLKR LAT KRABANG ICD
VNSGN HOCHIMINH|HO CHI MINH|HCMC|SAIGON|CAT LAI|VNCLI|胡志明|胡志明市
VNHPH HAI PHONG|海防
VNCMT CAI MEP - THI VAI|盖梅
VNDAD DANANG|岘港
VNUIH QUI NHON|归仁
IDJKT TANJUNG PRIOK|TG PRIOK|雅加达
IDSUB TANJUNG PERAK|泗水
IDSRG 三宝垄
IDBLW MEDAN|勿拉湾
IDMAK UJUNG PANDANG|望加锡
PHMNL MANILA NORTH|MANILA SOUTH|MANILA (N)|MANILA (S)|马尼拉
PHCEB 宿务
PHDVO 达沃
PHSFS SUBIC
KHKOS KAMPONG SAOM|KHSIH|西哈努克|西哈努克港
KHPNH 金边
MMRGN RANGOON|仰光
INNSA JNPT|JAWAHARLAL NEHRU|NHAVASHEVA|那瓦西瓦|那瓦夏瓦
INMUN 蒙德拉
INMAA MADRAS|金奈
INBOM BOMBAY|孟买
INCCU CALCUTTA|加尔各答
INCOK COCHIN|科钦
INTUT THOOTHUKUDI
INVTZ VIZAG
INENR KAMARAJAR
PKKHI KARACHI KICT|卡拉奇
PKBQM PORT MUHAMMAD BIN QASIM|卡西姆
BDCGP CHITTAGONG|吉大港
BDMGL 蒙格拉
LKCMB 科伦坡
MVMLE 马累
AEJEA JEBELALI|DUBAI JEBEL ALI|杰贝阿里|杰贝勒阿里
AEAUH KHALIFA PORT|AEKHL|阿布扎比
AESHJ 沙迦
AEKLF KHORFAKKAN
SAJED JIDDAH|吉达
SADMM DAMMAM PORT|达曼
SAJUB AL JUBAIL|朱拜勒
QAHMD HAMAD PORT|DOHA|哈马德
BHKBS BAHRAIN|BHBAH|巴林
KWSWK SHUWAIKH PORT|舒韦赫
OMSLL 塞拉莱
OMSOH 苏哈尔
IQUQR UMM QASR NORTH|UMM QASR SOUTH|乌姆盖斯尔
IRBND BANDARABBAS|阿巴斯港
JOAQJ AL AQABAH|亚喀巴
DJJIB 吉布提
SDPZU 苏丹港
ILHFA 海法
ILASH 阿什杜德
LBBEY 贝鲁特
TRMER 梅尔辛
TRIST ISTANBUL PORT|伊斯坦布尔
TRIZM 伊兹密尔
TRGEB GEBZE, KOCAELI|盖布泽
TRAMR KUMPORT|MARPORT|安巴利
TRALI ALIAGA, IZMIR
TRIZT KOCAELI|EVYAP
CYLMS LEMESOS|利马索尔
GRPIR PIREAUS|PIREUS|比雷埃夫斯
GRSKG SALONICA|塞萨洛尼基
BGVAR 瓦尔纳
ROCND CONSTANTZA|康斯坦察
UAODS ODESA|敖德萨
UAILK ILLICHIVSK|ILYICHEVSK
RULED ST PETERSBURG|ST. PETERSBURG|圣彼得堡
RUNVS NOVOROSSISK|新罗西斯克
RUVVO 符拉迪沃斯托克|海参崴
RUVYP 东方港
ITGOA GENOVA|热那亚
ITSPE SPEZIA|拉斯佩齐亚
ITLIV LEGHORN|里窝那
ITNAP NAPOLI|那不勒斯
ITTRS 的里雅斯特
ITVCE VENEZIA|威尼斯
ITRAN 拉文纳
MTMAR MALTA|马耳他|马尔萨什洛克
SIKOP 科佩尔
HRRJK RIJEKA|里耶卡
ESALG 阿尔赫西拉斯
ESVLC 瓦伦西亚
ESBCN 巴塞罗那
ESBIO 毕尔巴鄂
ESLPA 拉斯帕尔马斯
PTLIS LISBOA|里斯本
PTLEI OPORTO|PORTO|莱克索斯
PTSIE 锡尼什
FRLEH LE HAVRE PORT|勒阿弗尔
FRFOS FOS|FOS-SUR-MER|福斯
FRMRS MARSEILLES|马赛
FRDKK DUNKERQUE|敦刻尔克
BEANR ANTWERPEN|ANVERS|安特卫普
BEZEE 泽布吕赫
NLRTM ROTTERDAM EUROMAX|ROTTERDAM MAASVLAKTE|MAASVLAKTE|鹿特丹
NLAMS 阿姆斯特丹
DEHAM HAMBURG PORT|汉堡
DEBRV BREMERHAVN|不来梅港|不莱梅港
DEBRE 不来梅
DEWVN JADE WESER PORT|威廉港
DELBC LUEBECK|LÜBECK
GBFXT FELIXTOWE|费利克斯托
GBSOU SOUTHHAMPTON|南安普顿
GBLGP LONDON GATEWAY PORT|伦敦门户
GBLON 伦敦
GBLIV 利物浦
GBGRG 格兰杰默斯
IEDUB 都柏林
DKAAR ARHUS|ÅRHUS|奥胡斯
DKCPH KOBENHAVN|KØBENHAVN|哥本哈根
SEGOT GOTHENBORG|GOTEBORG|GÖTEBORG|哥德堡
SESTO 斯德哥尔摩
NOOSL 奥斯陆
FIHEL VUOSAARI|赫尔辛基
FIKTK 科特卡
EETLL 塔林
LVRIX 里加
LTKLJ KLAIPÉDA|克莱佩达
PLGDN GDAŃSK|格但斯克
PLGDY 格丁尼亚
ISREY 雷克雅未克
USLAX LOS ANGELES, CA|LA, CA|洛杉矶
USLGB LONG BEACH, CA|长滩
USOAK OAKLAND, CA|奥克兰(美国)
USSEA SEATTLE, WA|西雅图
USTIW TACOMA, WA|塔科马
USNYC NEW YORK, NY|NEW YORK/NEW JERSEY|NEWARK|NEWARK, NJ|USEWR|NY/NJ|纽约
USORF NORFOLK, VA|诺福克
USSAV SAVANNAH, GA|萨凡纳
USCHS CHARLESTON, SC|查尔斯顿
USBAL BALTIMORE, MD|巴尔的摩
USPHL PHILADELPHIA, PA|费城
USBOS BOSTON, MA|波士顿
USJAX JACKSONVILLE, FL|杰克逊维尔
USMIA MIAMI, FL|迈阿密
USPEF PORT EVERGLADES, FL|埃弗格雷斯港
USHOU HOUSTON, TX|休斯顿|休斯敦
USMSY NEW ORLEANS, LA|新奥尔良
USMOB MOBILE, AL|莫比尔
USTPA TAMPA, FL|坦帕
USCHI CHICAGO, IL|芝加哥
USHNL 檀香山|火奴鲁鲁
CAVAN VANCOUVER, BC|温哥华
CAPRR PRINCE RUPERT, BC|鲁珀特王子港
CAMTR MONTREAL, QC|MONTRÉAL|蒙特利尔
CAHAL HALIFAX, NS|哈利法克斯
CATOR TORONTO, ON|多伦多
MXZLO MANZANILLO, MX|MANZANILLO MEXICO|曼萨尼约
MXLZC LAZARO CARDENAS, MX|拉萨罗卡德纳斯
MXVER VERACRUZ, MX|韦拉克鲁斯
MXATM 阿尔塔米拉
MXESE 恩塞纳达
GTPRQ 格查尔港
PAMIT MANZANILLO, PA|曼萨尼约(巴拿马)
PABLB 巴尔博亚
PAONX COLON FREE ZONE|科隆
DOCAU PUNTA CAUCEDO|考塞多
JMKIN 金斯敦
COCTG CARTAGENA, CO|卡塔赫纳
COBUN 布埃纳文图拉
VELAG 拉瓜伊拉
ECGYE 瓜亚基尔
PECLL EL CALLAO|卡亚俄
CLSAI SAN ANTONIO, CL|圣安东尼奥
CLVAP 瓦尔帕莱索
BRSSZ SANTOS, BR|桑托斯
BRPNG 巴拉那瓜
BRRIO RIO|里约热内卢
BRIGI SEPETIBA|BRSPB|伊塔瓜伊
BRITJ 伊塔雅伊
BRNVT 纳维根特斯
BRIOA ITAPOA, BR
BRRIG RIO GRANDE DO SUL|里奥格兰德
BRSSA 萨尔瓦多
BRSUA 苏阿普
BRMAO 马瑙斯
ARBUE BS AS|布宜诺斯艾利斯
UYMVD 蒙得维的亚
PYASU 亚松森
MACAS CASABLANCA PORT|卡萨布兰卡
MATNG TANGER|丹吉尔|TANGER MED|TANGIER MED|MAPTM
DZALG ALGER|阿尔及尔
TNTUN 突尼斯
LYTIP 的黎波里
EGPSD PORT SAID WEST|PORT SAID EAST|塞得港
EGDAM 达米埃塔
EGALY ALEXANDRIA OLD PORT|亚历山大
EGSOK SOKHNA|EL SOKHNA|EGAIS|苏赫纳|艾因苏赫纳
SNDKR 达喀尔
CIABJ 阿比让
GHTEM 特马
TGLFW LOMÉ|洛美
BJCOO 科托努
NGAPP LAGOS|LAGOS APAPA|阿帕帕|拉各斯
NGTIN TINCAN|TIN-CAN ISLAND|庭堪岛
CMDLA 杜阿拉
CGPNR POINTE-NOIRE|黑角
CDMAT 马塔迪
AOLAD 罗安达
NAWVB 鲸湾
ZADUR 德班
ZACPT CAPETOWN|开普敦
ZAPLZ GQEBERHA|伊丽莎白港
ZAZBA NGQURA
MZMPM 马普托
MZBEW 贝拉
TZDAR DAR-ES-SALAAM|达累斯萨拉姆
KEMBA 蒙巴萨
MGTMM TAMATAVE|塔马塔夫
MUPLU 路易港
REPDG LE PORT|PORT REUNION|REUNION|留尼汪
AUSYD PORT BOTANY|悉尼
AUMEL 墨尔本
AUBNE 布里斯班
AUFRE PERTH|弗里曼特尔
AUADL 阿德莱德
AUDRW 达尔文
NZAKL 奥克兰
NZTRG 陶朗加
NZLYT CHRISTCHURCH|利特尔顿
NZWLG 惠灵顿
FJSUV 苏瓦
PGPOM 莫尔斯比港
PVG SHANGHAI PUDONG|浦东|上海浦东
SHA 虹桥|上海虹桥
PEK BEIJING|BEIJING CAPITAL|北京|北京首都
PKX 大兴|北京大兴
CAN 白云|广州白云
SZX SHENZHEN BAOAN|深圳宝安
CGO 郑州
CTU 成都双流
TFU 成都天府|成都
CKG 重庆江北
WUH 武汉天河
XIY 西安
HGH 杭州
NKG 南京禄口
TAO 青岛胶东
TSN 天津滨海
XMN 厦门高崎
KMG 昆明
CSX 长沙
EHU 鄂州|鄂州花湖
NGB 宁波栎社
HKG CHEK LAP KOK|香港机场
TPE TAOYUAN|桃园|台北桃园
NRT TOKYO NARITA|成田|东京成田
HND 羽田|东京羽田
KIX KANSAI|关西|大阪关西
ICN SEOUL|INCHEON AIRPORT|首尔|首尔仁川
SIN CHANGI|樟宜
KUL KUALA LUMPUR|吉隆坡
BKK SUVARNABHUMI|素万那普
SGN TAN SON NHAT|新山一
HAN HANOI|NOI BAI|河内
CGK SOEKARNO HATTA
MNL NINOY AQUINO
DEL DELHI|NEW DELHI|德里|新德里
BOM MUMBAI AIRPORT
DXB DUBAI|迪拜
DWC DUBAI WORLD CENTRAL|迪拜世界中心
AUH ABU DHABI AIRPORT|阿布扎比机场
DOH DOHA AIRPORT|多哈
RUH RIYADH|利雅得
TLV TEL AVIV|特拉维夫
IST ISTANBUL AIRPORT|伊斯坦布尔机场
FRA FRANKFURT MAIN|法兰克福
MUC MUENCHEN|MÜNCHEN|慕尼黑
HHN HAHN|哈恩
LEJ LEIPZIG|莱比锡
CGN COLOGNE|KÖLN|科隆(德国)
AMS SCHIPHOL|阿姆斯特丹史基浦
LGG LIEGE|列日
LUX LUXEMBOURG|卢森堡
BRU BRUSSELS|布鲁塞尔
CDG PARIS|ROISSY|巴黎
LHR HEATHROW|希思罗|伦敦希思罗
MXP MILAN|MILANO|米兰
FCO ROME|ROMA|罗马
MAD MADRID|马德里
ZAZ 萨拉戈萨
VIE VIENNA|WIEN|维也纳
BUD BUDAPEST|布达佩斯
WAW WARSAW|华沙
ZRH ZURICH|ZÜRICH|苏黎世
CPH COPENHAGEN AIRPORT|哥本哈根机场
ARN ARLANDA|斯德哥尔摩阿兰达
SVO SHEREMETYEVO|莫斯科|谢列梅捷沃
ORD CHICAGO O'HARE|芝加哥奥黑尔
JFK NEW YORK JFK|KENNEDY|纽约肯尼迪
LAX LOS ANGELES AIRPORT|洛杉矶机场
MIA MIAMI AIRPORT|迈阿密机场
ATL ATLANTA|亚特兰大
DFW DALLAS|达拉斯
ANC 安克雷奇
MEM MEMPHIS|孟菲斯
SDF LOUISVILLE|路易斯维尔
YYZ TORONTO AIRPORT|多伦多皮尔逊
YVR VANCOUVER AIRPORT|温哥华机场
MEX MEXICO CITY|墨西哥城
GRU SAO PAULO|GUARULHOS|圣保罗
VCP CAMPINAS|VIRACOPOS|坎皮纳斯
EZE EZEIZA|布宜诺斯艾利斯埃塞萨
SCL SANTIAGO|圣地亚哥
BOG BOGOTA|波哥大
LIM LIMA|利马
JNB JOHANNESBURG|约翰内斯堡
NBO NAIROBI|内罗毕
ADD ADDIS ABABA|亚的斯亚贝巴
CAI CAIRO|开罗
LOS LAGOS AIRPORT|拉各斯机场
SYD SYDNEY AIRPORT|悉尼机场
MEL MELBOURNE AIRPORT|墨尔本机场
AKL AUCKLAND AIRPORT|奥克兰机场
"""


def load_ports():
    """Return searoute's port features by code, without importing the package."""
    spec = importlib.util.find_spec("searoute")
    if spec is None:
        sys.exit("searoute is missing: see the first lines of this script")
    folder = Path(spec.submodule_search_locations[0])
    geojson = json.loads((folder / "data" / "ports.geojson").read_text("utf-8"))
    return {port["properties"]["port"]: port for port in geojson["features"]}


def location_id(code):
    return f"location_{code.lower()}" if len(code) == 5 else f"airport_{code.lower()}"


def port_rows(sources):
    for code in PORTS:
        source = sources[SOURCE_CODES.get(code, code)]
        longitude, latitude = source["geometry"]["coordinates"]
        name = PORT_NAMES.get(code) or source["properties"]["name"].strip()
        # "Semarang, Java", "Darwin (Nt)": the country tells enough
        if code not in PORT_NAMES:
            name = re.sub(r",.*| \(.*\)$", "", name)
        yield location_row(code, name, code[:2], latitude, longitude)


def airport_rows(sources):
    for code in AIRPORTS:
        source = sources[code]
        place = source["lat"], source["lon"]
        name = AIRPORT_NAMES.get(code) or airport_name(source)
        place = AIRPORT_COORDINATES.get(code, place)
        yield location_row(code, name, source["country"], *place)


def airport_name(source):
    """Return the place and what tells its airports apart: "Tokyo Narita"."""
    name = re.sub(
        r"\b(International|Intercontinental|Regional|Metropolitan|Airport|Int'l|Intl)\b",
        "",
        source["name"],
    )
    name = re.sub(r"[/–-]\s*$", "", " ".join(name.split())).strip(" ,-/")
    city = source["city"].split(",")[0].split("(")[0].strip()
    return name if city.lower() in name.lower() else f"{city} {name}".strip()


def location_row(code, name, country, latitude, longitude):
    country = country.lower()
    is_airport = len(code) == 3
    return {
        "id": location_id(code),
        "name": name,
        "code": "" if is_airport else code,
        "iata_code": code if is_airport else "",
        "country_id/id": f"base.{COUNTRY_IDS.get(country, country)}",
        "is_port": int(not is_airport),
        "is_airport": int(is_airport),
        "latitude": f"{latitude:.6f}",
        "longitude": f"{longitude:.6f}",
    }


def alias_rows(names):
    """Yield the aliases that are not already the name of their location."""
    for line in ALIASES.strip().splitlines():
        code, _space, aliases = line.partition(" ")
        seen = {names[code].lower()}
        for number, alias in enumerate(aliases.split("|"), start=1):
            if alias.lower() in seen:
                continue
            seen.add(alias.lower())
            yield {
                "id": f"alias_{code.lower()}_{number}",
                "location_id/id": location_id(code),
                "name": alias,
            }


def write_csv(name, rows):
    with (DATA / name).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def main():
    import airportsdata

    ports = load_ports()
    airports = airportsdata.load("IATA")
    missing = [code for code in PORTS if SOURCE_CODES.get(code, code) not in ports]
    missing += [code for code in AIRPORTS if code not in airports]
    if missing:
        sys.exit(f"Not in the sources: {' '.join(missing)}")
    codes = PORTS + AIRPORTS
    if len(codes) != len(set(codes)):
        sys.exit("Listed twice: " + " ".join({c for c in codes if codes.count(c) > 1}))
    locations = [*port_rows(ports), *airport_rows(airports)]
    names = {row["code"] or row["iata_code"]: row["name"] for row in locations}
    write_csv("logistics.location.csv", locations)
    write_csv("logistics.location.alias.csv", list(alias_rows(names)))


if __name__ == "__main__":
    main()
