#include "page/internal/language_codes.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace crawlcard::page::internal {
namespace {

struct Alias {
  std::string_view code;
  std::string_view iso_639_3;
};

// ISO 639-1, the codes that it withdrew (in, iw, ji, jw, mo, sh) and the bibliographic codes of
// ISO 639-2, in order.
constexpr std::array<Alias, 209> kAliases = {{
    {"aa", "aar"},  {"ab", "abk"},  {"ae", "ave"},  {"af", "afr"},  {"ak", "aka"},  {"alb", "sqi"},
    {"am", "amh"},  {"an", "arg"},  {"ar", "ara"},  {"arm", "hye"}, {"as", "asm"},  {"av", "ava"},
    {"ay", "aym"},  {"az", "aze"},  {"ba", "bak"},  {"baq", "eus"}, {"be", "bel"},  {"bg", "bul"},
    {"bi", "bis"},  {"bm", "bam"},  {"bn", "ben"},  {"bo", "bod"},  {"br", "bre"},  {"bs", "bos"},
    {"bur", "mya"}, {"ca", "cat"},  {"ce", "che"},  {"ch", "cha"},  {"chi", "zho"}, {"co", "cos"},
    {"cr", "cre"},  {"cs", "ces"},  {"cu", "chu"},  {"cv", "chv"},  {"cy", "cym"},  {"cze", "ces"},
    {"da", "dan"},  {"de", "deu"},  {"dut", "nld"}, {"dv", "div"},  {"dz", "dzo"},  {"ee", "ewe"},
    {"el", "ell"},  {"en", "eng"},  {"eo", "epo"},  {"es", "spa"},  {"et", "est"},  {"eu", "eus"},
    {"fa", "fas"},  {"ff", "ful"},  {"fi", "fin"},  {"fj", "fij"},  {"fo", "fao"},  {"fr", "fra"},
    {"fre", "fra"}, {"fy", "fry"},  {"ga", "gle"},  {"gd", "gla"},  {"geo", "kat"}, {"ger", "deu"},
    {"gl", "glg"},  {"gn", "grn"},  {"gre", "ell"}, {"gu", "guj"},  {"gv", "glv"},  {"ha", "hau"},
    {"he", "heb"},  {"hi", "hin"},  {"ho", "hmo"},  {"hr", "hrv"},  {"ht", "hat"},  {"hu", "hun"},
    {"hy", "hye"},  {"hz", "her"},  {"ia", "ina"},  {"ice", "isl"}, {"id", "ind"},  {"ie", "ile"},
    {"ig", "ibo"},  {"ii", "iii"},  {"ik", "ipk"},  {"in", "ind"},  {"io", "ido"},  {"is", "isl"},
    {"it", "ita"},  {"iu", "iku"},  {"iw", "heb"},  {"ja", "jpn"},  {"ji", "yid"},  {"jv", "jav"},
    {"jw", "jav"},  {"ka", "kat"},  {"kg", "kon"},  {"ki", "kik"},  {"kj", "kua"},  {"kk", "kaz"},
    {"kl", "kal"},  {"km", "khm"},  {"kn", "kan"},  {"ko", "kor"},  {"kr", "kau"},  {"ks", "kas"},
    {"ku", "kur"},  {"kv", "kom"},  {"kw", "cor"},  {"ky", "kir"},  {"la", "lat"},  {"lb", "ltz"},
    {"lg", "lug"},  {"li", "lim"},  {"ln", "lin"},  {"lo", "lao"},  {"lt", "lit"},  {"lu", "lub"},
    {"lv", "lav"},  {"mac", "mkd"}, {"mao", "mri"}, {"may", "msa"}, {"mg", "mlg"},  {"mh", "mah"},
    {"mi", "mri"},  {"mk", "mkd"},  {"ml", "mal"},  {"mn", "mon"},  {"mo", "ron"},  {"mr", "mar"},
    {"ms", "msa"},  {"mt", "mlt"},  {"my", "mya"},  {"na", "nau"},  {"nb", "nob"},  {"nd", "nde"},
    {"ne", "nep"},  {"ng", "ndo"},  {"nl", "nld"},  {"nn", "nno"},  {"no", "nor"},  {"nr", "nbl"},
    {"nv", "nav"},  {"ny", "nya"},  {"oc", "oci"},  {"oj", "oji"},  {"om", "orm"},  {"or", "ori"},
    {"os", "oss"},  {"pa", "pan"},  {"per", "fas"}, {"pi", "pli"},  {"pl", "pol"},  {"ps", "pus"},
    {"pt", "por"},  {"qu", "que"},  {"rm", "roh"},  {"rn", "run"},  {"ro", "ron"},  {"ru", "rus"},
    {"rum", "ron"}, {"rw", "kin"},  {"sa", "san"},  {"sc", "srd"},  {"sd", "snd"},  {"se", "sme"},
    {"sg", "sag"},  {"sh", "hbs"},  {"si", "sin"},  {"sk", "slk"},  {"sl", "slv"},  {"slo", "slk"},
    {"sm", "smo"},  {"sn", "sna"},  {"so", "som"},  {"sq", "sqi"},  {"sr", "srp"},  {"ss", "ssw"},
    {"st", "sot"},  {"su", "sun"},  {"sv", "swe"},  {"sw", "swa"},  {"ta", "tam"},  {"te", "tel"},
    {"tg", "tgk"},  {"th", "tha"},  {"ti", "tir"},  {"tib", "bod"}, {"tk", "tuk"},  {"tl", "tgl"},
    {"tn", "tsn"},  {"to", "ton"},  {"tr", "tur"},  {"ts", "tso"},  {"tt", "tat"},  {"tw", "twi"},
    {"ty", "tah"},  {"ug", "uig"},  {"uk", "ukr"},  {"ur", "urd"},  {"uz", "uzb"},  {"ve", "ven"},
    {"vi", "vie"},  {"vo", "vol"},  {"wa", "wln"},  {"wel", "cym"}, {"wo", "wol"},  {"xh", "xho"},
    {"yi", "yid"},  {"yo", "yor"},  {"za", "zha"},  {"zh", "zho"},  {"zu", "zul"},
}};

constexpr std::string_view kIso6393 =
#include "page/internal/iso_639_3.inc"
    ;
static_assert(kIso6393.size() % 4 == 0);

// True when `code` is one of the identifiers, each of which takes four characters of the list.
bool IsIso6393(std::string_view code) {
  std::size_t low = 0;
  std::size_t high = kIso6393.size() / 4;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = kIso6393.substr(middle * 4, 3).compare(code);
    if (order == 0) return true;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return false;
}

}  // namespace

Iso6393Code Iso6393Of(std::string_view tag) {
  const std::string_view subtag = tag.substr(0, tag.find_first_of("-_"));
  Iso6393Code result;
  if (subtag.size() != 2 && subtag.size() != 3) return result;
  std::array<char, 3> lower{};
  for (std::size_t i = 0; i < std::min(subtag.size(), lower.size()); ++i) {
    lower[i] = AsciiLower(subtag[i]);
  }
  const std::string_view code(lower.data(), subtag.size());
  const auto* const alias =
      std::lower_bound(kAliases.begin(), kAliases.end(), code,
                       [](const Alias& a, std::string_view b) { return a.code < b; });
  const bool is_alias = alias != kAliases.end() && alias->code == code;
  if (!is_alias && (code.size() != 3 || !IsIso6393(code))) return result;
  const std::string_view found = is_alias ? alias->iso_639_3 : code;
  std::copy(found.begin(), found.end(), result.letters.begin());
  return result;
}

}  // namespace crawlcard::page::internal
