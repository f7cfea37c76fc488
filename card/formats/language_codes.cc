#include "card/formats/language_codes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace crawlcard::card {
namespace {

// ISO 639-3 and ISO 639-1 in turn, each followed by a blank.
constexpr std::string_view kCodes =
    "aar aa abk ab afr af aka ak amh am ara ar arg an asm as ava av ave ae aym ay aze "
    "az bak ba bam bm bel be ben bn bis bi bod bo bos bs bre br bul bg cat ca ces cs "
    "cha ch che ce chu cu chv cv cor kw cos co cre cr cym cy dan da deu de div dv dzo "
    "dz ell el eng en epo eo est et eus eu ewe ee fao fo fas fa fij fj fin fi fra fr "
    "fry fy ful ff gla gd gle ga glg gl glv gv grn gn guj gu hat ht hau ha hbs sh heb "
    "he her hz hin hi hmo ho hrv hr hun hu hye hy ibo ig ido io iii ii iku iu ile ie "
    "ina ia ind id ipk ik isl is ita it jav jv jpn ja kal kl kan kn kas ks kat ka kau "
    "kr kaz kk khm km kik ki kin rw kir ky kom kv kon kg kor ko kua kj kur ku lao lo "
    "lat la lav lv lim li lin ln lit lt ltz lb lub lu lug lg mah mh mal ml mar mr mkd "
    "mk mlg mg mlt mt mon mn mri mi msa ms mya my nau na nav nv nbl nr nde nd ndo ng "
    "nep ne nld nl nno nn nob nb nor no nya ny oci oc oji oj ori or orm om oss os pan "
    "pa pli pi pol pl por pt pus ps que qu roh rm ron mo run rn rus ru sag sg san sa "
    "sin si slk sk slv sl sme se smo sm sna sn snd sd som so sot st spa es sqi sq srd "
    "sc srp sr ssw ss sun su swa sw swe sv tah ty tam ta tat tt tel te tgk tg tgl tl "
    "tha th tir ti ton to tsn tn tso ts tuk tk tur tr twi tw uig ug ukr uk urd ur uzb "
    "uz ven ve vie vi vol vo wln wa wol wo xho xh yid ji yor yo zha za zho zh zul zu ";
constexpr std::size_t kPairBytes = 7;  // "deu de "
static_assert(kCodes.size() % kPairBytes == 0);

using NamedCode = std::pair<std::string_view, std::string_view>;
// Reference names of ISO 639-3, of the languages that the classifier tells apart and some more.
constexpr auto kNames = std::to_array<NamedCode>({
    {"afr", "Afrikaans"},
    {"amh", "Amharic"},
    {"ara", "Arabic"},
    {"asm", "Assamese"},
    {"aze", "Azerbaijani"},
    {"bel", "Belarusian"},
    {"ben", "Bengali"},
    {"bod", "Tibetan"},
    {"bos", "Bosnian"},
    {"bre", "Breton"},
    {"bul", "Bulgarian"},
    {"cat", "Catalan"},
    {"ceb", "Cebuano"},
    {"ces", "Czech"},
    {"cos", "Corsican"},
    {"cym", "Welsh"},
    {"dan", "Danish"},
    {"deu", "German"},
    {"div", "Dhivehi"},
    {"ell", "Greek"},
    {"eng", "English"},
    {"epo", "Esperanto"},
    {"est", "Estonian"},
    {"eus", "Basque"},
    {"fao", "Faroese"},
    {"fas", "Persian"},
    {"fin", "Finnish"},
    {"fra", "French"},
    {"fry", "Western Frisian"},
    {"gla", "Scottish Gaelic"},
    {"gle", "Irish"},
    {"glg", "Galician"},
    {"guj", "Gujarati"},
    {"hat", "Haitian"},
    {"hau", "Hausa"},
    {"haw", "Hawaiian"},
    {"hbs", "Serbo-Croatian"},
    {"heb", "Hebrew"},
    {"hin", "Hindi"},
    {"hmn", "Hmong"},
    {"hrv", "Croatian"},
    {"hun", "Hungarian"},
    {"hye", "Armenian"},
    {"ibo", "Igbo"},
    {"ind", "Indonesian"},
    {"isl", "Icelandic"},
    {"ita", "Italian"},
    {"jav", "Javanese"},
    {"jpn", "Japanese"},
    {"kan", "Kannada"},
    {"kat", "Georgian"},
    {"kaz", "Kazakh"},
    {"khm", "Khmer"},
    {"kin", "Kinyarwanda"},
    {"kir", "Kirghiz"},
    {"kor", "Korean"},
    {"kur", "Kurdish"},
    {"lao", "Lao"},
    {"lat", "Latin"},
    {"lav", "Latvian"},
    {"lit", "Lithuanian"},
    {"ltz", "Luxembourgish"},
    {"mal", "Malayalam"},
    {"mar", "Marathi"},
    {"mkd", "Macedonian"},
    {"mlg", "Malagasy"},
    {"mlt", "Maltese"},
    {"mon", "Mongolian"},
    {"mri", "Maori"},
    {"msa", "Malay"},
    {"mya", "Burmese"},
    {"nep", "Nepali"},
    {"nld", "Dutch"},
    {"nno", "Norwegian Nynorsk"},
    {"nob", "Norwegian Bokm\xC3\xA5l"},
    {"nor", "Norwegian"},
    {"nya", "Chichewa"},
    {"oci", "Occitan"},
    {"ori", "Oriya"},
    {"pan", "Panjabi"},
    {"pol", "Polish"},
    {"por", "Portuguese"},
    {"pus", "Pashto"},
    {"roh", "Romansh"},
    {"ron", "Romanian"},
    {"rus", "Russian"},
    {"san", "Sanskrit"},
    {"sco", "Scots"},
    {"sin", "Sinhala"},
    {"slk", "Slovak"},
    {"slv", "Slovenian"},
    {"sna", "Shona"},
    {"snd", "Sindhi"},
    {"som", "Somali"},
    {"sot", "Southern Sotho"},
    {"spa", "Spanish"},
    {"sqi", "Albanian"},
    {"srp", "Serbian"},
    {"sun", "Sundanese"},
    {"swa", "Swahili"},
    {"swe", "Swedish"},
    {"tam", "Tamil"},
    {"tat", "Tatar"},
    {"tel", "Telugu"},
    {"tgk", "Tajik"},
    {"tgl", "Tagalog"},
    {"tha", "Thai"},
    {"tir", "Tigrinya"},
    {"tuk", "Turkmen"},
    {"tur", "Turkish"},
    {"uig", "Uighur"},
    {"ukr", "Ukrainian"},
    {"urd", "Urdu"},
    {"uzb", "Uzbek"},
    {"vie", "Vietnamese"},
    {"xho", "Xhosa"},
    {"yid", "Yiddish"},
    {"yor", "Yoruba"},
    {"zho", "Chinese"},
    {"zul", "Zulu"},
});
static_assert(std::ranges::is_sorted(kNames));

}  // namespace

std::string LanguageLabel(std::string_view code) {
  const auto found = std::ranges::lower_bound(kNames, code, {}, &NamedCode::first);
  if (found == kNames.end() || found->first != code) return std::string(code);
  std::string label(found->second);
  return label.append(" (").append(code).append(")");
}

std::string ShortLanguageCode(std::string_view code) {
  for (std::size_t at = 0; at < kCodes.size(); at += kPairBytes) {
    if (kCodes.substr(at, 3) == code) return std::string(kCodes.substr(at + 4, 2));
  }
  return std::string(code);
}

}  // namespace crawlcard::card
