// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/frame.h"

#include <optional>

namespace spillway::pages {

/// What a page says of the link it was opened by.
struct LinkFacts
{
    std::string note;                      ///< of the sender, with his line breaks; empty: none
    std::optional<std::int64_t> expiresAt; ///< seconds since 1970
    std::optional<std::int64_t> remaining; ///< further recipients; none: no maximum
};

/// Nothing where there is nothing to say.
void appendNote(Html& html, const LinkFacts& facts);
void appendTerms(Html& html, const LinkFacts& facts);

} // namespace spillway::pages
