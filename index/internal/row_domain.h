// index/internal/row_domain.h - a registrable domain as so many last labels of its host.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string_view>

namespace crawlcard::index {

inline constexpr unsigned kLabelsText = 7;  // no labels of the host: the domain is a text

// How many labels of `host` `domain` is: 0 for an empty one, kLabelsText for what is no labels.
unsigned LabelsOf(std::string_view host, std::string_view domain);

// The last `labels` of `host`. False where it has not as many.
[[nodiscard]] bool LastLabels(std::string_view host, unsigned labels, std::string_view& domain_out);

}  // namespace crawlcard::index
