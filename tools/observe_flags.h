// tools/observe_flags.h - the flags that affect facts (--language, --verify-digests) as options.
#pragma once

#include "index/ingest/observe.h"
#include "tools/settings.h"

namespace crawlcard::tools {

index::ObserveFileOptions ObserveOptionsFrom(const Settings& settings);

}  // namespace crawlcard::tools
