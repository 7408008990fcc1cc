// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cli.h"
#include "server/config/completions.h"

#include <gmock/gmock.h>

using namespace spillway::config;
using testing::HasSubstr;

TEST(Completions, EveryCommandAndOptionIsThereForEachShell)
{
    for (const std::string_view shell : {"bash", "zsh", "fish"}) {
        const std::string script = completionScript(shell);
        for (const CommandSpec& command : commands()) {
            const auto blank = command.words.find(' ');
            EXPECT_THAT(script, HasSubstr(std::string(command.words.substr(0, blank)))) << shell;
            for (const OptionSpec& option : command.options) {
                const std::string_view name = option.name.substr(shell == "fish" ? 2 : 0);
                EXPECT_THAT(script, HasSubstr(std::string(name))) << shell << " " << command.words;
            }
        }
    }
}

TEST(Completions, AnotherShellHasNone)
{
    EXPECT_EQ(completionScript("cmd"), "");
}
