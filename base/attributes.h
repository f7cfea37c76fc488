// base/attributes.h - compiler attributes under one spelling.
#pragma once

// On a getter that returns a view: Clang warns when the view outlives the object.
#if defined(__clang__)
#define CRAWLCARD_LIFETIME_BOUND [[clang::lifetimebound]]
#else
#define CRAWLCARD_LIFETIME_BOUND
#endif

// On a function that is inlined wherever it is called: one of a loop over all rows.
#define CRAWLCARD_INLINE [[gnu::always_inline]]
// On the seldom part of one: its code stays out of the loop.
#define CRAWLCARD_NOINLINE [[gnu::noinline]]
