// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/segment.h"
#include "tests/server/body/testfolder.h"

namespace spillway::body {

/// All that a generator makes, as a connection would pull it; it ends as `expected`.
inline std::string drain(TestLoop& loop, net::Generator& generator,
                         net::Generator::State expected = net::Generator::State::Done)
{
    using State = net::Generator::State;
    std::string out;
    for (;;) {
        bool woken = false;
        const State state = generator.pull(out, 16384, [&woken] { woken = true; });
        if (state == State::Pending) {
            EXPECT_TRUE(loop.runUntil([&woken] { return woken; }));
        } else if (state != State::More) {
            EXPECT_EQ(state, expected);
            return out;
        }
    }
}

} // namespace spillway::body
