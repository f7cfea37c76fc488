#include "index/internal/row_domain.h"

#include <algorithm>

namespace crawlcard::index {

unsigned LabelsOf(std::string_view host, std::string_view domain) {
  if (domain.empty()) return 0;
  const bool suffix = host.ends_with(domain) && (host.size() == domain.size() ||
                                                 host[host.size() - domain.size() - 1] == '.');
  const auto labels = static_cast<std::size_t>(std::count(domain.begin(), domain.end(), '.')) + 1;
  return suffix && labels < kLabelsText ? static_cast<unsigned>(labels) : kLabelsText;
}

bool LastLabels(std::string_view host, unsigned labels, std::string_view& domain_out) {
  std::size_t at = host.size();
  for (unsigned i = 0; i < labels; ++i) {
    if (at == std::string_view::npos || host.empty() || (i > 0 && at == 0)) return false;
    at = at == 0 ? std::string_view::npos : host.rfind('.', at - 1);
    if (i + 1 < labels && at == std::string_view::npos) return false;
  }
  domain_out = labels == 0                    ? std::string_view()
               : at == std::string_view::npos ? host
                                              : host.substr(at + 1);
  return true;
}

}  // namespace crawlcard::index
