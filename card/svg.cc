#include "card/svg.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "card/text.h"

namespace crawlcard::card {
namespace {

// Of a chart at its narrowest, in pixels; and of a letter of a value.
constexpr std::size_t kChartWidth = 304;
constexpr std::size_t kValueWidth = 8;
// As html_style.cc sets them: long labels are written small before they are cut.
constexpr std::size_t kLetterPixels = 13;
constexpr std::size_t kSmallLetterPixels = 10;
constexpr std::size_t kRowHeight = 32;
constexpr std::size_t kBarHeight = 6;
// Fewer points than these are no line: they are told as bars.
constexpr std::size_t kTimelineColumnsMin = 4;
constexpr std::size_t kTimelineHeight = 150;
constexpr std::size_t kTimelineTop = 22;
constexpr std::size_t kTimelineFoot = 24;

std::size_t LetterBytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// About what a letter takes at 13 pixels in the widest of common fonts.
std::size_t LetterWidth(char lead) {
  if (static_cast<unsigned char>(lead) >= 0x80) return LetterBytes(lead) == 2 ? 11 : 14;
  if (std::string_view("ijlI.,:;'|!()[]/ ft-").find(lead) != std::string_view::npos) return 6;
  if (std::string_view("mwMW@%").find(lead) != std::string_view::npos) return 14;
  return lead >= 'A' && lead <= 'Z' ? 10 : 9;
}

std::string_view ToneClass(Tone tone) {
  switch (tone) {
    case Tone::kRefusal:
      return "bar refusal";
    case Tone::kGrant:
      return "bar grant";
    case Tone::kMixed:
      return "bar mixed";
    case Tone::kNeutral:
      return "bar";
  }
  return "bar";
}

// part / whole * scale, rounded down; halves both sides where the product would not fit.
std::uint64_t Scale(std::uint64_t part, std::uint64_t whole, std::uint64_t scale) {
  while (part > std::numeric_limits<std::uint64_t>::max() / scale) {
    part >>= 1;
    whole >>= 1;
  }
  return part * scale / std::max<std::uint64_t>(whole, 1);
}

// part / whole as a percentage with two decimals.
std::string Percent(std::uint64_t part, std::uint64_t whole) {
  const std::uint64_t hundredths = Scale(part, whole, 10'000);
  return fmt::format("{}.{:02d}%", hundredths / 100, hundredths % 100);
}

std::string Head(const std::string& id, const std::string& title, const std::string& description,
                 std::size_t height) {
  return fmt::format(
      "<svg class=\"chart\" role=\"img\" width=\"100%\" height=\"{0}\" "
      "aria-labelledby=\"{1}-t {1}-d\">\n<title id=\"{1}-t\">{2}</title>\n"
      "<desc id=\"{1}-d\">{3}</desc>\n",
      height, EscapeHtml(id), EscapeHtml(title), EscapeHtml(description));
}

}  // namespace

std::string FitLabel(const std::string& text, std::size_t pixels_max) {
  // The dots that stand for the rest need room too.
  constexpr std::size_t kDots = 14;
  std::size_t whole = 0;
  for (std::size_t at = 0; at < text.size(); at += LetterBytes(text[at])) {
    whole += LetterWidth(text[at]);
  }
  if (whole <= pixels_max) return text;
  std::size_t pixels = kDots;
  std::size_t at = 0;
  while (at < text.size() && pixels + LetterWidth(text[at]) <= pixels_max) {
    pixels += LetterWidth(text[at]);
    at += LetterBytes(text[at]);
  }
  return text.substr(0, at) + "\xE2\x80\xA6";
}

std::string RenderBars(const BarChart& chart) {
  std::uint64_t most = 1;
  for (const Bar& bar : chart.bars) most = std::max(most, bar.value);
  std::string out = Head(chart.id, chart.title, chart.description, chart.bars.size() * kRowHeight);
  std::size_t top = 0;
  for (const Bar& bar : chart.bars) {
    const std::size_t value = std::min(bar.value_text.size() * kValueWidth, kChartWidth / 2);
    const std::size_t room = kChartWidth - value;
    const bool small = FitLabel(bar.label.text, room) != bar.label.text;
    const std::string label =
        FitLabel(bar.label.text, small ? room * kLetterPixels / kSmallLetterPixels : room);
    out += fmt::format("<text class=\"label{}\" x=\"0\" y=\"{}\">{}</text>\n",
                       small ? " small" : "", top + 14, EscapeHtml(label));
    out += fmt::format("<text class=\"value\" x=\"100%\" y=\"{}\" text-anchor=\"end\">{}</text>\n",
                       top + 14, EscapeHtml(bar.value_text));
    // Nothing behind the bar: the longest is the largest value, which is no whole.
    out += fmt::format("<rect class=\"{1}\" x=\"0\" y=\"{0}\" width=\"{2}\" height=\"{3}\"/>\n",
                       top + 20, ToneClass(bar.tone), Percent(bar.value, most), kBarHeight);
    top += kRowHeight;
  }
  return out + "</svg>\n";
}

std::string RenderTimeline(const Timeline& line) {
  if (line.points.size() < kTimelineColumnsMin) {
    BarChart bars{line.id, line.title, line.description, {}};
    for (const Timeline::Point& point : line.points) {
      Bar& bar = bars.bars.emplace_back();
      bar.label.text = point.label;
      bar.value = point.value;
      bar.value_text = FormatCount(point.value);
    }
    return RenderBars(bars);
  }
  std::uint64_t most = 1;
  for (const Timeline::Point& point : line.points) most = std::max(most, point.value);
  std::string out =
      Head(line.id, line.title, line.description, kTimelineTop + kTimelineHeight + kTimelineFoot);
  out +=
      fmt::format("<text class=\"value\" x=\"0\" y=\"14\">{} at most</text>\n", FormatCount(most));
  const std::size_t base = kTimelineTop + kTimelineHeight;
  const std::size_t count = line.points.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Timeline::Point& point = line.points[i];
    if (point.value == 0) continue;
    const auto height = std::max<std::uint64_t>(Scale(point.value, most, kTimelineHeight), 1);
    // Columns take four fifths of their place; few points keep slim columns.
    out += fmt::format(
        "<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {}</title>"
        "</rect>\n",
        Percent(i * 10 + 1, count * 10), base - height, Percent(8, count * 10), height,
        EscapeHtml(point.label), FormatCount(point.value));
  }
  out += fmt::format("<rect class=\"axis\" x=\"0\" y=\"{}\" width=\"100%\" height=\"1\"/>\n", base);
  if (count > 0) {
    out += fmt::format("<text class=\"label\" x=\"0\" y=\"{}\">{}</text>\n", base + 17,
                       EscapeHtml(line.points.front().label));
    out += fmt::format("<text class=\"label\" x=\"100%\" y=\"{}\" text-anchor=\"end\">{}</text>\n",
                       base + 17, EscapeHtml(line.points.back().label));
  }
  return out + "</svg>\n";
}

}  // namespace crawlcard::card
