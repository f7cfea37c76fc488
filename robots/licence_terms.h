// robots/licence_terms.h - what a licence asks for when its page is used, by SPDX id.
//
// Facts only, as docs/formats/signals.md 11.3 lists them: whether training is a derivative, or a
// use commercial, is left open. Thread rule: thread-safe.
#pragma once

#include <string_view>

namespace crawlcard::robots {

struct LicenceTerms {
  bool grants = false;  // false: a statement or a label without a grant, or nothing we know
  bool open = false;    // anybody may use and change it, also for money
  bool attribution = false;
  bool noncommercial = false;
  bool share_alike = false;
  bool no_derivatives = false;
  bool use_restrictions = false;
  bool unknown_terms = false;  // an SPDX id that is not in the table

  bool HasConditions() const {
    return attribution || noncommercial || share_alike || no_derivatives || use_restrictions ||
           unknown_terms;
  }
};

LicenceTerms ReadLicenceTerms(std::string_view spdx);

}  // namespace crawlcard::robots
