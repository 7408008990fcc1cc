// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/words.h"

namespace spillway::pages {

/// A heading and a sentence for people.
struct Message
{
    std::string_view heading, text;
};

/// What people are told where a program is told `detail`. The heading is never empty. "%1" of the table's
/// sentence stands in the text too; `filled` gets the text then.
[[nodiscard]] Message messageFor(int status, std::string_view detail, Language language, std::string& filled);
/// For the test that all of the server's sentences are there.
[[nodiscard]] bool hasMessage(std::string_view detail);

} // namespace spillway::pages
