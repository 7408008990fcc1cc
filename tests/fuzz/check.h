// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

/// What a fuzz target holds to be true, also in builds with NDEBUG: says what was not, and ends the run.
inline void check(bool holds, const std::string& what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what.c_str());
    std::abort();
}
