#include "robots/observe.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/link_field.h"
#include "base/text.h"
#include "robots/aipref.h"
#include "robots/content_signal.h"
#include "robots/internal/flags.h"
#include "robots/internal/url.h"
#include "robots/limits.h"
#include "robots/robots_meta.h"
#include "robots/rsl.h"
#include "robots/tdmrep.h"

namespace crawlcard::robots {
namespace {

enum class HeaderKind : std::uint8_t {
  kNone,
  kXRobotsTag,
  kRobotsTag,
  kTdmrep,
  kContentUsage,
  kContentSignal,
  kLink,
  kContentType,
};

struct HeaderName {
  std::string_view name;
  HeaderKind kind;
};
constexpr std::array kHeaderNames = {
    HeaderName{"x-robots-tag", HeaderKind::kXRobotsTag},
    HeaderName{"robots-tag", HeaderKind::kRobotsTag},
    HeaderName{"tdm-reservation", HeaderKind::kTdmrep},
    HeaderName{"tdm-policy", HeaderKind::kTdmrep},
    HeaderName{"content-usage", HeaderKind::kContentUsage},
    HeaderName{"content-signal", HeaderKind::kContentSignal},
    HeaderName{"link", HeaderKind::kLink},
    HeaderName{"content-type", HeaderKind::kContentType},
};

HeaderKind KindOf(std::string_view name) {
  for (const HeaderName& known : kHeaderNames) {
    if (EqualsIgnoreCase(known.name, name)) return known.kind;
  }
  return HeaderKind::kNone;
}

// Metas without a reading that are worth keeping (docs/formats/signals.md 8.6).
constexpr std::array<std::string_view, 4> kVerbatimMetas = {"ai-policy", "ai-training", "pinterest",
                                                            "content-signal"};

// "Name: value", cut to what is kept of a directive.
std::string_view RawOf(const NamedValue& one, Arena& arena) {
  std::string raw(one.name);
  raw += ": ";
  raw += one.value.substr(0, limits::kRawBytesMax);
  return arena.Copy(Utf8Prefix(raw, limits::kRawBytesMax));
}

Signal BaseOf(const NamedValue& one, Carrier carrier, Arena& arena) {
  Signal base;
  base.carrier = carrier;
  const char* word = carrier == Carrier::kHttpHeader ? "header line " : "meta line ";
  base.location = arena.Copy(word + std::to_string(one.line));
  base.agent = "*";
  base.raw = RawOf(one, arena);
  return base;
}

// A field or meta may hold thousands of rules of two bytes: what goes past the limit is dropped,
// statements about a use last. Returns whether anything was.
bool DropSurplus(std::size_t begin, SignalList& signals) {
  if (signals.size() - begin <= limits::kObservedSignalsMax) return false;
  std::stable_partition(signals.begin() + static_cast<std::ptrdiff_t>(begin), signals.end(),
                        [](const Signal& signal) { return signal.use != Axis::kNone; });
  signals.resize(begin + limits::kObservedSignalsMax);
  return true;
}

class HeaderObserver {
 public:
  HeaderObserver(std::string_view page_url, Arena& arena, SignalList& out)
      : page_url_(page_url), arena_(arena), out_(out), begin_(out.size()) {}

  void Field(const NamedValue& written) {
    const HeaderKind kind = KindOf(written.name);
    if (kind == HeaderKind::kNone) return;
    std::size_t& seen = seen_[static_cast<std::size_t>(kind)];
    if (++seen > limits::kHeaderLinesMax) return Truncated(kind, written);
    NamedValue field = written;
    field.value = TrimAscii(field.value);
    if (field.value.size() > limits::kHeaderLineBytesMax) {
      field.value = field.value.substr(0, limits::kHeaderLineBytesMax);
      if (kind != HeaderKind::kContentType) Truncated(kind, written);
    }
    switch (kind) {
      case HeaderKind::kXRobotsTag:
        AppendRobotsRules(ParseXRobotsTag(field.value, arena_), Base(field), arena_, out_);
        if (DropSurplus(begin_, out_)) Truncated(kind, written);
        break;
      case HeaderKind::kRobotsTag:
        AppendRobotsRules(ParseRobotsTag(field.value, arena_), Base(field), arena_, out_);
        if (DropSurplus(begin_, out_)) Truncated(kind, written);
        break;
      case HeaderKind::kTdmrep:
        tdmrep_.push_back(field);
        break;
      case HeaderKind::kContentUsage:
        usage_.push_back(field);
        break;
      case HeaderKind::kContentSignal:
        pairs_.push_back(field);
        break;
      case HeaderKind::kLink:
        Link(field);
        if (DropSurplus(begin_, out_)) Truncated(kind, written);
        break;
      case HeaderKind::kContentType:
        markdown_ = markdown_ || StartsWithIgnoreCase(field.value, "text/markdown");
        break;
      case HeaderKind::kNone:
        break;
    }
  }

  // Fields that are read together.
  void Finish() {
    const TdmrepStatement tdmrep = ReadTdmrepProperties(tdmrep_, page_url_, arena_);
    if (tdmrep.present) out_.push_back(TdmrepSignal(tdmrep, Base(tdmrep_.front()), arena_));
    FinishUsage();
    if (DropSurplus(begin_, out_)) Truncated(HeaderKind::kContentUsage, usage_.front());
    for (const NamedValue& field : pairs_) {
      Signal base = Base(field);
      base.family = Family::kContentSignal;
      // No specification defines the field; a converter at the CDN adds it with permissive
      // defaults.
      base.confidence = SignalConfidence::kLow;
      if (markdown_) {
        base.flags = internal::WithFlags({}, {"contentsignal.converter_default"}, arena_);
      }
      AppendContentSignal(field.value, base, arena_, out_);
      if (DropSurplus(begin_, out_)) Truncated(HeaderKind::kContentSignal, field);
    }
    for (const Signal& signal : truncated_) out_.push_back(signal);
  }

 private:
  // Keeps that something was left out of a kind of field, and the first such field.
  void Truncated(HeaderKind kind, const NamedValue& field) {
    bool& known = truncated_kinds_[static_cast<std::size_t>(kind)];
    if (known) return;
    known = true;
    Signal signal = Base(field);
    signal.key = arena_.Copy(AsciiLowerCopy(field.name));
    signal.flags = internal::WithFlags({}, {"header.truncated"}, arena_);
    truncated_.push_back(signal);
  }

  Signal Base(const NamedValue& field) { return BaseOf(field, Carrier::kHttpHeader, arena_); }

  // Several lines are one dictionary (draft-ietf-aipref-attach-05 section 2; RFC 9651 section 4.2).
  void FinishUsage() {
    if (usage_.empty()) return;
    std::string joined;
    for (const NamedValue& field : usage_) {
      if (!joined.empty()) joined += ", ";
      joined += field.value;
    }
    Signal base = Base(usage_.front());
    base.family = Family::kAipref;
    AppendContentUsage(arena_.Copy(joined), base, arena_, out_);
  }

  // Only links to RSL documents: plain licence links are facts of the page.
  void Link(const NamedValue& field) {
    LinkReader links(field.value);
    for (FieldLink link; links.Next(link);) {
      if (!HasToken(link.rel, "license") || !EqualsIgnoreCase(link.type, kRslMediaType)) continue;
      Signal signal = Base(field);
      signal.family = Family::kRsl;
      signal.key = kRslLicenceKey;
      signal.value = arena_.Copy(link.target);
      if (!internal::IsAbsoluteUrl(link.target)) {
        signal.flags = internal::WithFlags({}, {"rsl.relative_url"}, arena_);
      }
      out_.push_back(signal);
    }
  }

  std::string_view page_url_;
  Arena& arena_;
  SignalList& out_;
  std::size_t begin_;
  std::array<std::size_t, 8> seen_{};
  std::array<bool, 8> truncated_kinds_{};
  std::vector<Signal> truncated_;
  std::vector<NamedValue> tdmrep_;
  std::vector<NamedValue> usage_;
  std::vector<NamedValue> pairs_;
  bool markdown_ = false;
};

}  // namespace

bool IsSignalHeader(std::string_view name) {
  return KindOf(name) != HeaderKind::kNone;
}

bool StatesSignal(std::string_view name) {
  const HeaderKind kind = KindOf(name);
  return kind != HeaderKind::kNone && kind != HeaderKind::kContentType;
}

void ObserveHeaders(std::span<const NamedValue> fields, std::string_view page_url, Arena& arena,
                    SignalList& signals_out) {
  const bool any = std::any_of(fields.begin(), fields.end(),
                               [](const NamedValue& field) { return StatesSignal(field.name); });
  if (!any) return;
  HeaderObserver observer(page_url, arena, signals_out);
  for (const NamedValue& field : fields) observer.Field(field);
  observer.Finish();
}

void ObserveMetas(std::span<const NamedValue> metas, std::string_view page_url, Arena& arena,
                  SignalList& signals_out) {
  const std::size_t begin = signals_out.size();
  const NamedValue* truncated = nullptr;  // the first meta that lost something
  std::vector<NamedValue> tdmrep;
  for (const NamedValue& meta : metas) {
    if (IsTdmrepName(meta.name)) {
      if (tdmrep.size() < limits::kHeaderLinesMax) {
        tdmrep.push_back(meta);
      } else if (truncated == nullptr) {
        truncated = &meta;
      }
      continue;
    }
    const bool robots = !meta.by_property && IsRobotsMetaName(meta.name);
    const bool verbatim =
        std::find(kVerbatimMetas.begin(), kVerbatimMetas.end(), meta.name) != kVerbatimMetas.end();
    if (!robots && !verbatim) continue;
    Signal base = BaseOf(meta, Carrier::kHtmlMeta, arena);
    if (!meta.in_head) {
      base.confidence = SignalConfidence::kLow;
      base.flags = internal::WithFlags({}, {"meta.in_body"}, arena);
    }
    if (!robots) {
      base.key = arena.Copy(meta.name);
      base.value = arena.Copy(meta.value);
      signals_out.push_back(base);
      if (DropSurplus(begin, signals_out) && truncated == nullptr) truncated = &meta;
      continue;
    }
    const std::string_view agent = meta.name == "robots" ? "*" : arena.Copy(meta.name);
    const std::string_view content = arena.Copy(meta.value.substr(0, limits::kHeaderLineBytesMax));
    AppendRobotsRules(ParseRobotsMeta(agent, content, arena), base, arena, signals_out);
    const bool cut = content.size() < meta.value.size();
    if ((DropSurplus(begin, signals_out) || cut) && truncated == nullptr) truncated = &meta;
  }
  const TdmrepStatement statement = ReadTdmrepProperties(tdmrep, page_url, arena);
  if (statement.present) {
    const Signal base = BaseOf(tdmrep.front(), Carrier::kHtmlMeta, arena);
    signals_out.push_back(TdmrepSignal(statement, base, arena));
  }
  if (truncated == nullptr) return;
  Signal signal = BaseOf(*truncated, Carrier::kHtmlMeta, arena);
  signal.key = arena.Copy(truncated->name);
  signal.flags = internal::WithFlags({}, {"meta.truncated"}, arena);
  signals_out.push_back(signal);
}

}  // namespace crawlcard::robots
