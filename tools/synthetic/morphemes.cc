#include "morphemes.h"

namespace enlace::synthetic {
namespace {

constexpr Morpheme kOrgans[] = {
    {"cardi", "heart", "corazón", "coração", "cœur", "cuore", "Herz", "hart"},
    {"hepat", "liver", "hígado", "fígado", "foie", "fegato", "Leber", "lever"},
    {"nephr", "kidney", "riñón", "rim", "rein", "rene", "Niere", "nier"},
    {"gastr", "stomach", "estómago", "estômago", "estomac", "stomaco", "Magen", "maag"},
    {"pulmon", "lung", "pulmón", "pulmão", "poumon", "polmone", "Lunge", "long"},
    {"encephal", "brain", "cerebro", "cérebro", "cerveau", "cervello", "Gehirn", "hersenen"},
    {"oste", "bone", "hueso", "osso", "os", "osso", "Knochen", "bot"},
    {"arthr", "joint", "articulación", "articulação", "articulation", "articolazione", "Gelenk",
     "gewricht"},
    {"my", "muscle", "músculo", "músculo", "muscle", "muscolo", "Muskel", "spier"},
    {"dermat", "skin", "piel", "pele", "peau", "pelle", "Haut", "huid"},
    {"ophthalm", "eye", "ojo", "olho", "œil", "occhio", "Auge", "oog"},
    {"ot", "ear", "oído", "ouvido", "oreille", "orecchio", "Ohr", "oor"},
    {"rhin", "nose", "nariz", "nariz", "nez", "naso", "Nase", "neus"},
    {"gloss", "tongue", "lengua", "língua", "langue", "lingua", "Zunge", "tong"},
    {"odont", "tooth", "diente", "dente", "dent", "dente", "Zahn", "tand"},
    {"laryng", "larynx", "laringe", "laringe", "larynx", "laringe", "Kehlkopf", "strottenhoofd"},
    {"trache", "trachea", "tráquea", "traqueia", "trachée", "trachea", "Luftröhre", "luchtpijp"},
    {"bronch", "bronchus", "bronquio", "brônquio", "bronche", "bronco", "Bronchus", "bronchus"},
    {"oesophag", "esophagus", "esófago", "esôfago", "œsophage", "esofago", "Speiseröhre",
     "slokdarm"},
    {"enter", "intestine", "intestino", "intestino", "intestin", "intestino", "Darm", "darm"},
    {"col", "colon", "colon", "cólon", "côlon", "colon", "Dickdarm", "dikke darm"},
    {"proct", "rectum", "recto", "reto", "rectum", "retto", "Mastdarm", "endeldarm"},
    {"cholecyst", "gallbladder", "vesícula biliar", "vesícula biliar", "vésicule biliaire",
     "cistifellea", "Gallenblase", "galblaas"},
    {"pancreat", "pancreas", "páncreas", "pâncreas", "pancréas", "pancreas", "Bauchspeicheldrüse",
     "alvleesklier"},
    {"splen", "spleen", "bazo", "baço", "rate", "milza", "Milz", "milt"},
    {"cyst", "bladder", "vejiga", "bexiga", "vessie", "vescica", "Blase", "blaas"},
    {"ureter", "ureter", "uréter", "ureter", "uretère", "uretere", "Harnleiter", "urineleider"},
    {"prostat", "prostate", "próstata", "próstata", "prostate", "prostata", "Prostata", "prostaat"},
    {"orchi", "testis", "testículo", "testículo", "testicule", "testicolo", "Hoden", "teelbal"},
    {"oophor", "ovary", "ovario", "ovário", "ovaire", "ovaio", "Eierstock", "eierstok"},
    {"hyster", "uterus", "útero", "útero", "utérus", "utero", "Gebärmutter", "baarmoeder"},
    {"mast", "breast", "mama", "mama", "sein", "mammella", "Brust", "borst"},
    {"thyr", "thyroid gland", "glándula tiroides", "glândula tireoide", "glande thyroïde",
     "ghiandola tiroide", "Schilddrüse", "schildklier"},
    {"aden", "gland", "glándula", "glândula", "glande", "ghiandola", "Drüse", "klier"},
    {"angi", "blood vessel", "vaso sanguíneo", "vaso sanguíneo", "vaisseau sanguin",
     "vaso sanguigno", "Blutgefäß", "bloedvat"},
    {"arteri", "artery", "arteria", "artéria", "artère", "arteria", "Arterie", "slagader"},
    {"phleb", "vein", "vena", "veia", "veine", "vena", "Vene", "ader"},
    {"lymph", "lymph node", "ganglio linfático", "linfonodo", "ganglion lymphatique", "linfonodo",
     "Lymphknoten", "lymfeklier"},
    {"neur", "nerve", "nervio", "nervo", "nerf", "nervo", "Nerv", "zenuw"},
    {"myel", "spinal cord", "médula espinal", "medula espinhal", "moelle épinière",
     "midollo spinale", "Rückenmark", "ruggenmerg"},
    {"spondyl", "vertebra", "vértebra", "vértebra", "vertèbre", "vertebra", "Wirbel", "wervel"},
    {"crani", "skull", "cráneo", "crânio", "crâne", "cranio", "Schädel", "schedel"},
    {"femor", "femur", "fémur", "fêmur", "fémur", "femore", "Oberschenkelknochen", "dijbeen"},
    {"tibi", "tibia", "tibia", "tíbia", "tibia", "tibia", "Schienbein", "scheenbeen"},
    {"humer", "humerus", "húmero", "úmero", "humérus", "omero", "Oberarmknochen", "opperarmbeen"},
    {"radi", "radius", "radio", "rádio", "radius", "radio", "Speiche", "spaakbeen"},
    {"cheir", "hand", "mano", "mão", "main", "mano", "Hand", "hand"},
    {"pod", "foot", "pie", "pé", "pied", "piede", "Fuß", "voet"},
    {"dactyl", "finger", "dedo", "dedo", "doigt", "dito", "Finger", "vinger"},
    {"gon", "knee", "rodilla", "joelho", "genou", "ginocchio", "Knie", "knie"},
    {"cox", "hip", "cadera", "quadril", "hanche", "anca", "Hüfte", "heup"},
    {"om", "shoulder", "hombro", "ombro", "épaule", "spalla", "Schulter", "schouder"},
    {"cervic", "neck", "cuello", "pescoço", "cou", "collo", "Hals", "hals"},
    {"thorac", "chest", "tórax", "tórax", "thorax", "torace", "Brustkorb", "borstkas"},
    {"lapar", "abdomen", "abdomen", "abdome", "abdomen", "addome", "Bauch", "buik"},
    {"mening", "meninges", "meninges", "meninges", "méninges", "meningi", "Hirnhaut",
     "hersenvlies"},
    {"retin", "retina", "retina", "retina", "rétine", "retina", "Netzhaut", "netvlies"},
    {"kerat", "cornea", "córnea", "córnea", "cornée", "cornea", "Hornhaut", "hoornvlies"},
    {"phac", "lens", "cristalino", "cristalino", "cristallin", "cristallino", "Linse", "lens"},
    {"onych", "nail", "uña", "unha", "ongle", "unghia", "Nagel", "nagel"},
};

constexpr Morpheme kSuffixes[] = {
    {"itis", "itis", "itis", "ite", "ite", "ite", "itis", "itis"},
    {"osis", "osis", "osis", "ose", "ose", "osi", "ose", "ose"},
    {"oma", "oma", "oma", "oma", "ome", "oma", "om", "oom"},
    {"opathia", "opathy", "opatía", "opatia", "opathie", "opatia", "opathie", "opathie"},
    {"ectomia", "ectomy", "ectomía", "ectomia", "ectomie", "ectomia", "ektomie", "ectomie"},
    {"algia", "algia", "algia", "algia", "algie", "algia", "algie", "algie"},
    {"ostomia", "ostomy", "ostomía", "ostomia", "ostomie", "ostomia", "ostomie", "ostomie"},
    {"otomia", "otomy", "otomía", "otomia", "otomie", "otomia", "otomie", "otomie"},
    {"ographia", "ography", "ografía", "ografia", "ographie", "ografia", "ographie", "ografie"},
    {"oscopia", "oscopy", "oscopia", "oscopia", "oscopie", "oscopia", "oskopie", "oscopie"},
    {"aemia", "emia", "emia", "emia", "émie", "emia", "ämie", "emie"},
    {"uria", "uria", "uria", "úria", "urie", "uria", "urie", "urie"},
    {"oplegia", "oplegia", "oplejía", "oplegia", "oplégie", "oplegia", "oplegie", "oplegie"},
    {"oplastica", "oplasty", "oplastia", "oplastia", "oplastie", "oplastica", "oplastik",
     "oplastiek"},
    {"orrhagia", "orrhagia", "orragia", "orragia", "orragie", "orragia", "orrhagie", "orragie"},
    {"omegalia", "omegaly", "omegalia", "omegalia", "omégalie", "omegalia", "omegalie", "omegalie"},
    {"osclerosis", "osclerosis", "oesclerosis", "osclerose", "osclérose", "osclerosi", "osklerose",
     "osclerose"},
    {"openia", "openia", "openia", "openia", "opénie", "openia", "openie", "openie"},
    {"olysis", "olysis", "ólisis", "ólise", "olyse", "olisi", "olyse", "olyse"},
    {"ocele", "ocele", "ocele", "ocele", "océle", "ocele", "ozele", "ocele"},
    {"ectasia", "ectasia", "ectasia", "ectasia", "ectasie", "ectasia", "ektasie", "ectasie"},
    {"omalacia", "omalacia", "omalacia", "omalácia", "omalacie", "omalacia", "omalazie",
     "omalacie"},
    {"odysplasia", "odysplasia", "odisplasia", "odisplasia", "odysplasie", "odisplasia",
     "odysplasie", "odysplasie"},
    {"otrophia", "otrophy", "otrofia", "otrofia", "otrophie", "otrofia", "otrophie", "otrofie"},
    {"osarcoma", "osarcoma", "osarcoma", "ossarcoma", "osarcome", "osarcoma", "osarkom",
     "osarcoom"},
    {"opexia", "opexy", "opexia", "opexia", "opexie", "opessia", "opexie", "opexie"},
    {"oschisis", "oschisis", "osquisis", "osquise", "oschisis", "oschisi", "oschisis", "oschisis"},
    {"optosis", "optosis", "optosis", "optose", "optose", "optosi", "optose", "optose"},
};

constexpr Morpheme kAdjectives[] = {
    {"acut", "acute", "agudo", "agudo", "aigu", "acuto", "akut", "acuut"},
    {"chronic", "chronic", "crónico", "crônico", "chronique", "cronico", "chronisch", "chronisch"},
    {"malign", "malignant", "maligno", "maligno", "malin", "maligno", "bösartig", "kwaadaardig"},
    {"benign", "benign", "benigno", "benigno", "bénin", "benigno", "gutartig", "goedaardig"},
    {"congenital", "congenital", "congénito", "congênito", "congénital", "congenito", "angeboren",
     "aangeboren"},
    {"recurrent", "recurrent", "recurrente", "recorrente", "récurrent", "ricorrente",
     "wiederkehrend", "terugkerend"},
    {"bilateral", "bilateral", "bilateral", "bilateral", "bilatéral", "bilaterale", "beidseitig",
     "tweezijdig"},
    {"sever", "severe", "grave", "grave", "sévère", "grave", "schwer", "ernstig"},
    {"mild", "mild", "leve", "leve", "léger", "lieve", "leicht", "licht"},
    {"secundar", "secondary", "secundario", "secundário", "secondaire", "secondario", "sekundär",
     "secundair"},
    {"primar", "primary", "primario", "primário", "primaire", "primario", "primär", "primair"},
    {"progressiv", "progressive", "progresivo", "progressivo", "progressif", "progressivo",
     "fortschreitend", "progressief"},
    {"traumatic", "traumatic", "traumático", "traumático", "traumatique", "traumatico",
     "traumatisch", "traumatisch"},
    {"infectios", "infectious", "infeccioso", "infeccioso", "infectieux", "infettivo", "infektiös",
     "infectieus"},
    {"viral", "viral", "vírico", "viral", "viral", "virale", "viral", "viraal"},
    {"bacterial", "bacterial", "bacteriano", "bacteriano", "bactérien", "batterico", "bakteriell",
     "bacterieel"},
    {"allergic", "allergic", "alérgico", "alérgico", "allergique", "allergico", "allergisch",
     "allergisch"},
    {"idiopathic", "idiopathic", "idiopático", "idiopático", "idiopathique", "idiopatico",
     "idiopathisch", "idiopathisch"},
    {"hereditar", "hereditary", "hereditario", "hereditário", "héréditaire", "ereditario",
     "erblich", "erfelijk"},
    {"juvenil", "juvenile", "juvenil", "juvenil", "juvénile", "giovanile", "juvenil", "juveniel"},
    {"neonatal", "neonatal", "neonatal", "neonatal", "néonatal", "neonatale", "neonatal",
     "neonataal"},
    {"diffus", "diffuse", "difuso", "difuso", "diffus", "diffuso", "diffus", "diffuus"},
    {"focal", "focal", "focal", "focal", "focal", "focale", "fokal", "focaal"},
    {"multipl", "multiple", "múltiple", "múltiplo", "multiple", "multiplo", "multipel",
     "meervoudig"},
    {"ischaemic", "ischemic", "isquémico", "isquêmico", "ischémique", "ischemico", "ischämisch",
     "ischemisch"},
    {"haemorrhagic", "hemorrhagic", "hemorrágico", "hemorrágico", "hémorragique", "emorragico",
     "hämorrhagisch", "hemorragisch"},
    {"necrotic", "necrotic", "necrótico", "necrótico", "nécrotique", "necrotico", "nekrotisch",
     "necrotisch"},
    {"purulent", "purulent", "purulento", "purulento", "purulent", "purulento", "eitrig",
     "etterig"},
    {"toxic", "toxic", "tóxico", "tóxico", "toxique", "tossico", "toxisch", "toxisch"},
    {"metabolic", "metabolic", "metabólico", "metabólico", "métabolique", "metabolico",
     "metabolisch", "metabool"},
    {"obstructiv", "obstructive", "obstructivo", "obstrutivo", "obstructif", "ostruttivo",
     "obstruktiv", "obstructief"},
    {"superficial", "superficial", "superficial", "superficial", "superficiel", "superficiale",
     "oberflächlich", "oppervlakkig"},
    {"profund", "deep", "profundo", "profundo", "profond", "profondo", "tief", "diep"},
    {"sinistr", "left", "izquierdo", "esquerdo", "gauche", "sinistro", "links", "linker"},
    {"dextr", "right", "derecho", "direito", "droit", "destro", "rechts", "rechter"},
    {"superior", "upper", "superior", "superior", "supérieur", "superiore", "oberer", "bovenste"},
    {"inferior", "lower", "inferior", "inferior", "inférieur", "inferiore", "unterer", "onderste"},
    {"posterior", "posterior", "posterior", "posterior", "postérieur", "posteriore", "hinterer",
     "achterste"},
};

constexpr Morpheme kHeads[] = {
    {"fractur", "fracture", "fractura", "fratura", "fracture", "frattura", "Bruch", "breuk"},
    {"infarct", "infarction", "infarto", "infarto", "infarctus", "infarto", "Infarkt", "infarct"},
    {"tumor", "neoplasm", "neoplasia", "neoplasia", "tumeur", "neoplasia", "Neubildung", "gezwel"},
    {"carcinom", "carcinoma", "carcinoma", "carcinoma", "carcinome", "carcinoma", "Karzinom",
     "carcinoom"},
    {"infection", "infection", "infección", "infecção", "infection", "infezione", "Infektion",
     "infectie"},
    {"abscess", "abscess", "absceso", "abscesso", "abcès", "ascesso", "Abszess", "abces"},
    {"insufficient", "insufficiency", "insuficiencia", "insuficiência", "insuffisance",
     "insufficienza", "Insuffizienz", "insufficiëntie"},
    {"dolor", "pain", "dolor", "dor", "douleur", "dolore", "Schmerz", "pijn"},
    {"oedem", "edema", "edema", "edema", "œdème", "edema", "Ödem", "oedeem"},
    {"stenos", "stenosis", "estenosis", "estenose", "sténose", "stenosi", "Stenose", "stenose"},
    {"thrombos", "thrombosis", "trombosis", "trombose", "thrombose", "trombosi", "Thrombose",
     "trombose"},
    {"haemorrhag", "hemorrhage", "hemorragia", "hemorragia", "hémorragie", "emorragia", "Blutung",
     "bloeding"},
    {"ulcer", "ulcer", "úlcera", "úlcera", "ulcère", "ulcera", "Geschwür", "zweer"},
    {"laesion", "lesion", "lesión", "lesão", "lésion", "lesione", "Läsion", "laesie"},
    {"luxation", "dislocation", "luxación", "luxação", "luxation", "lussazione", "Luxation",
     "luxatie"},
    {"syndrom", "syndrome", "síndrome", "síndrome", "syndrome", "sindrome", "Syndrom", "syndroom"},
    {"atroph", "atrophy", "atrofia", "atrofia", "atrophie", "atrofia", "Atrophie", "atrofie"},
    {"contusion", "contusion", "contusión", "contusão", "contusion", "contusione", "Prellung",
     "kneuzing"},
    {"combustion", "burn", "quemadura", "queimadura", "brûlure", "ustione", "Verbrennung",
     "brandwond"},
    {"malformation", "malformation", "malformación", "malformação", "malformation", "malformazione",
     "Fehlbildung", "misvorming"},
    {"excision", "excision", "escisión", "excisão", "excision", "escissione", "Exzision",
     "excisie"},
    {"biops", "biopsy", "biopsia", "biópsia", "biopsie", "biopsia", "Biopsie", "biopsie"},
    {"transplantation", "transplantation", "trasplante", "transplante", "transplantation",
     "trapianto", "Transplantation", "transplantatie"},
    {"inspection", "examination", "exploración", "exame", "examen", "esame", "Untersuchung",
     "onderzoek"},
    {"drainag", "drainage", "drenaje", "drenagem", "drainage", "drenaggio", "Drainage", "drainage"},
    {"reparation", "repair", "reparación", "reparação", "réparation", "riparazione", "Reparatur",
     "herstel"},
    {"injection", "injection", "inyección", "injeção", "injection", "iniezione", "Injektion",
     "injectie"},
    {"structur", "structure", "estructura", "estrutura", "structure", "struttura", "Struktur",
     "structuur"},
};

constexpr Morpheme kDoses[] = {
    {"tablett", "Oral Tablet", "tableta oral", "comprimido oral", "comprimé oral",
     "compressa orale", "Tablette zum Einnehmen", "orale tablet"},
    {"capsul", "Oral Capsule", "cápsula oral", "cápsula oral", "gélule orale", "capsula orale",
     "Hartkapsel", "orale capsule"},
    {"solution", "Injectable Solution", "solución inyectable", "solução injetável",
     "solution injectable", "soluzione iniettabile", "Injektionslösung", "oplossing voor injectie"},
    {"suspension", "Oral Suspension", "suspensión oral", "suspensão oral", "suspension buvable",
     "sospensione orale", "Suspension zum Einnehmen", "orale suspensie"},
    {"unguent", "Topical Ointment", "pomada tópica", "pomada tópica", "pommade", "unguento topico",
     "Salbe", "zalf"},
    {"crem", "Topical Cream", "crema tópica", "creme tópico", "crème", "crema topica", "Creme",
     "crème"},
    {"aerosol", "Metered Dose Inhaler", "inhalador dosificador", "inalador dosimetrado",
     "aérosol-doseur", "aerosol dosato", "Dosieraerosol", "dosisaerosol"},
    {"emplastr", "Transdermal System", "parche transdérmico", "adesivo transdérmico",
     "patch transdermique", "cerotto transdermico", "transdermales Pflaster", "pleister"},
};

constexpr std::string_view kStems[] = {
    "hyper",   "hypo",    "peri",  "endo",    "poly",    "hemi",  "pan",   "para",    "leuk",
    "erythr",  "cyan",    "melan", "xanth",   "chlor",   "micr",  "macr",  "hydr",    "py",
    "thromb",  "lip",     "fibr",  "chondr",  "blephar", "dacry", "cheil", "gingiv",  "sial",
    "pharyng", "pleur",   "hem",   "cyt",     "hist",    "lith",  "gluc",  "kal",     "natr",
    "calc",    "psych",   "phren", "esthes",  "tox",     "myc",   "amyl",  "bacteri", "vir",
    "colp",    "salping", "metr",  "galact",  "andr",    "gynec", "ped",   "ger",     "trich",
    "hidr",    "seb",     "actin", "strepto", "staphyl", "dipl",  "brady", "tachy",   "olig",
    "dys",     "eu",      "ect",   "mes",     "tel",     "is",    "heter", "orth",    "rach"};

constexpr std::string_view kSyllables[] = {
    "ba",  "bel", "bri", "ca",  "cor", "cla", "da",  "dex", "dol", "el",  "en",  "fa",
    "fe",  "flu", "ga",  "gel", "ha",  "i",   "ka",  "la",  "le",  "lor", "ma",  "me",
    "mi",  "mo",  "na",  "ne",  "no",  "o",   "pa",  "pe",  "pra", "qui", "ra",  "re",
    "ri",  "ro",  "sa",  "se",  "sul", "ta",  "te",  "ti",  "tor", "tra", "u",   "va",
    "ve",  "vi",  "xa",  "xe",  "za",  "ze",  "zi",  "zol", "mer", "nor", "per", "tam",
    "ver", "lin", "bor", "cil", "fur", "gra", "hal", "jo",  "ker", "lub"};

constexpr std::string_view kDrugEnds[] = {
    "ine",     "ol",   "ide",    "ate",     "amide",  "azole",  "cillin",  "mab",
    "tinib",   "pril", "sartan", "statin",  "oxacin", "mycin",  "prazole", "vir",
    "gliptin", "one",  "idone",  "triptan", "caine",  "setron", "parin",   "platin"};

constexpr std::string_view kIdeographs[] = {
    "心", "肝", "肾", "胃", "肺", "脑", "骨", "节", "肌", "皮", "眼", "耳", "鼻", "舌", "齿",
    "喉", "管", "肠", "胆", "脾", "囊", "腺", "血", "脉", "神", "髓", "颅", "股", "手", "足",
    "指", "膝", "肩", "颈", "胸", "腹", "膜", "角", "急", "慢", "性", "恶", "良", "先", "天",
    "复", "双", "重", "轻", "原", "发", "进", "外", "伤", "感", "染", "病", "毒", "菌", "过",
    "敏", "遗", "传", "新", "生", "多", "缺", "出", "坏", "死", "脓", "代", "谢", "阻", "塞",
    "浅", "深", "左", "右", "上", "下", "后", "折", "梗", "瘤", "癌", "痛", "肿", "狭", "窄",
    "栓", "溃", "疡", "损", "脱", "位", "综", "合", "征", "萎", "缩", "烧", "畸", "形", "切",
    "除", "活", "检", "移", "植", "查", "引", "流", "修", "注", "射", "结", "构", "炎", "症"};

}  // namespace

std::span<const Morpheme> organs() {
  return kOrgans;
}
std::span<const Morpheme> suffixes() {
  return kSuffixes;
}
std::span<const Morpheme> adjectives() {
  return kAdjectives;
}
std::span<const Morpheme> heads() {
  return kHeads;
}
std::span<const Morpheme> doses() {
  return kDoses;
}
std::span<const std::string_view> stems() {
  return kStems;
}
std::span<const std::string_view> syllables() {
  return kSyllables;
}
std::span<const std::string_view> drug_ends() {
  return kDrugEnds;
}
std::span<const std::string_view> ideographs() {
  return kIdeographs;
}

}  // namespace enlace::synthetic
