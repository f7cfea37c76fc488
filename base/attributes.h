// base/attributes.h - compiler attributes under one spelling.
#pragma once

// On a getter that returns a view: Clang warns when the view outlives the object.
#if defined(__clang__)
#define CRAWLCARD_LIFETIME_BOUND [[clang::lifetimebound]]
#else
#define CRAWLCARD_LIFETIME_BOUND
#endif
