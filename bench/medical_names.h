// Made-up names whose n-grams are distributed like those of medicine: for benchmarks at sizes that
// may not be passed on.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace enlace {

/// Words composed of Latin and Greek morphemes with the endings of eight languages, drawn by rank
/// as Zipf's law has it, one to six a name. Deterministic.
class MedicalNames {
 public:
  explicit MedicalNames(std::uint64_t seed) : random_(seed) {
    for (std::size_t language = 0; language < kLanguages; ++language) {
      const std::size_t count = language == 0 ? 120'000 : 40'000;
      for (std::size_t i = 0; i < count; ++i) words_[language].push_back(compose(language));
    }
  }

  /// Replaces `name` by another one, of about 28 letters; in lower case, single spaces. May have
  /// been given before.
  void next(std::string& name) {
    const std::size_t language = random_.below(10) < 6 ? 0 : random_.below(kLanguages);
    static constexpr std::array<std::size_t, 12> kCounts = {1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 6};
    const std::size_t count = kCounts[random_.below(kCounts.size())];
    name.clear();
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) name += ' ';
      if (i > 0 && i + 1 < count && random_.below(4) == 0) {
        name += pick(kLinks[language]);
        name += ' ';
      }
      name += random_.below(12) == 0 ? number() : word(language);
    }
  }

  /// `name` as somebody else might write it: one or two typing errors, other endings, words left
  /// out, or another order.
  std::string misspelt(std::string name) {
    for (std::size_t edits = 1 + random_.below(2); edits > 0; --edits) {
      const std::size_t at = random_.below(name.size());
      const char letter = static_cast<char>('a' + random_.below(26));
      const std::size_t space = name.find(' ', at);
      switch (random_.below(7)) {
        case 0: name[at] = letter; break;
        case 1: name.insert(at, 1, letter); break;
        case 2:
          if (name.size() > 3) name.erase(at, 1);
          break;
        case 3:
          if (at > 0) std::swap(name[at], name[at - 1]);
          break;
        case 4:  // the words before and after change places
          if (space != std::string::npos) {
            name = name.substr(space + 1) + ' ' + name.substr(0, space);
          }
          break;
        case 5:  // the words before or after
          if (space != std::string::npos) {
            name = random_.below(2) == 0 ? name.substr(0, space) : name.substr(space + 1);
          }
          break;
        default: {  // the ending of a word
          const std::size_t end = std::min(space, name.size());
          if (end > 4 && name[end - 1] != ' ') {
            name.replace(end - 1, 1, pick(kEndings[random_.below(kLanguages)]));
          }
        }
      }
    }
    return name;
  }

  Random& random() noexcept { return random_; }

 private:
  static constexpr std::size_t kLanguages = 8;
  using Lists = std::array<std::string_view, kLanguages>;

  static constexpr std::string_view kPrefixes =
      "a ab ad ana anti auto bi brady circum co contra de dys ecto endo epi eu ex exo extra hemi "
      "hetero homo hyper hypo in infra inter intra iso juxta macro mal mega meso meta micro mono "
      "multi neo non olig pan para per peri poly post pre pro pseudo quadri re retro semi sub "
      "super "
      "supra syn tachy tetra trans tri ultra uni";
  static constexpr std::string_view kRoots =
      "abdomin acr aden adip adren alveol amni amyl andr angi ankyl anthrac appendic arteri arthr "
      "ather atri audi aur bacteri balan bil blast blephar brachi bronch bucc burs calc carcin "
      "cardi "
      "carp caud cec celi cephal cerebr cervic cheil chir chol chondr chrom col colp condyl cor "
      "cost "
      "cox crani cutane cyan cyst cyt dacry dactyl dendr dent dermat dextr dips dors duoden electr "
      "encephal enter eosin erythr esophag esthesi fasci femor fet fibr fibul front galact gangli "
      "gastr gingiv glauc gli glomerul gloss gluc glyc gnath gon granul gynec hem hepat herni hidr "
      "hist humer hydr hymen hyster iatr icter ile immun inguin irid isch ischi jejun kary kerat "
      "kines labi lacrim lact lamin lapar laryng later leuk lip lith lob lumb lymph mamm mandibul "
      "mast maxill medi melan men mening metr muc my myc myel myx narc nas nat necr nephr neur "
      "noct nucle ocul odont oment onc onych oophor ophthalm opt or orch orth oste ot ovari palat "
      "pancreat parathyr patell path pector ped pelv pept perine phac phag pharyng phleb phot "
      "phren "
      "physi pil plasm pleur pneumon pod prostat psych pub pulmon pupill py pyel pylor pyr rachi "
      "radicul rect ren retin rhabd rhin sacr salping sarc scapul scler scoli seb semin sial "
      "sigmoid "
      "sinus skelet somat sperm sphen sphygm splen spondyl squam staphyl stern steth stomat strept "
      "tars ten tend test thalam thorac thromb thym thyr tibi tonsill tox trache trich troph tub "
      "tympan umbilic ungu ur ureter urethr uter vagin valvul varic vas ven ventricul vertebr "
      "vesic "
      "vestibul vir viscer vulv xer zyg";
  static constexpr Lists kEndings = {
      "itis osis oma emia uria algia ectomy otomy oscopy opathy al ic ous ary oid ogram ography "
      "olysis oplasty orrhea oplegia openia ia ation ation ency ive able ing ed s disorder",
      "itis osis oma emia uria algia ectomia otomia oscopia opatia al ico ica ario oide ograma "
      "ografia olisis oplastia orrea oplejia openia ia acion cion encia ivo iva ado ada os as",
      "ite ose ome emie urie algie ectomie otomie oscopie opathie al ique aire oide ogramme "
      "ographie "
      "olyse oplastie orrhee oplegie openie ie ation ence if ive e ee es aux eux euse",
      "itis ose om amie urie algie ektomie otomie oskopie opathie al isch ar oid ogramm ographie "
      "olyse oplastik orrho oplegie openie ie ung ion enz iv bar er en es e stoerung",
      "ite osi oma emia uria algia ectomia otomia oscopia opatia ale ico ica ario oide ogramma "
      "ografia olisi oplastica orrea oplegia openia ia zione enza ivo iva ato ata i e he",
      "ite ose oma emia uria algia ectomia otomia oscopia opatia al ico ica ario oide ograma "
      "ografia olise oplastia orreia oplegia openia ia acao cao encia ivo iva ado ada os as",
      "itis ose oom emie urie algie ectomie otomie oscopie opathie aal isch air oide ogram ografie "
      "olyse oplastiek orroe oplegie openie ie atie ing entie ief baar er en s e stoornis",
      "it os om emi uri algi ektomi otomi oskopi opati al isk ar oid ogram ografi olys oplastik "
      "orre "
      "oplegi openi i ning ation ens iv bar are en et ar sjukdom"};
  static constexpr Lists kLinks = {"of of of the and with due to in without by for",
                                   "de de del de la con y por en sin",
                                   "de du de la des avec et par sans",
                                   "der des und mit durch bei ohne",
                                   "di del della da e con per",
                                   "de do da com e por sem",
                                   "van de het en met door zonder",
                                   "i av och med utan vid"};

  template <std::size_t N>
  using Table = std::array<std::string_view, N>;

  /// One of the words of `list`.
  std::string_view pick(std::string_view list) {
    const std::size_t at = random_.below(list.size());
    const std::size_t begin = list.rfind(' ', at == 0 ? 0 : at - 1);
    const std::size_t from = begin == std::string_view::npos ? 0 : begin + 1;
    return list.substr(from, std::min(list.find(' ', from), list.size()) - from);
  }

  std::string compose(std::size_t language) {
    std::string word;
    if (random_.below(3) == 0) word += pick(kPrefixes);
    word += pick(kRoots);
    if (random_.below(4) == 0) word += 'o', word += pick(kRoots);
    word += pick(kEndings[language]);
    return word;
  }

  std::string number() {
    if (random_.below(2) == 0) return std::to_string(random_.below(1 + random_.below(200)));
    static constexpr std::string_view kTokens =
        "i ii iii iv type stage grade left right mg ml acute chronic nos tablet oral";
    return std::string(pick(kTokens));
  }

  const std::string& word(std::size_t language) {
    const auto& words = words_[language];
    const double u = random_.unit();
    const auto rank = std::size_t(std::exp(u * std::log(double(words.size()))));
    return words[std::min(rank, words.size()) - 1];
  }

  Random random_;
  std::array<std::vector<std::string>, kLanguages> words_;
};

}  // namespace enlace
