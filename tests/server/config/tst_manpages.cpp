// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cli.h"
#include "server/config/manpages.h"
#include "server/config/settings.h"
#include "server/config/settingsloader.h"

#include <gmock/gmock.h>

using namespace spillway::config;
using testing::HasSubstr;

TEST(ManPages, TextIsShownAsItIs)
{
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"--no-gui", "\\-\\-no\\-gui"},
        {"a\\b", "a\\eb"},
        {".toml", "\\&.toml"},
        {"'quoted'", "\\&'quoted'"},
        {"say \"x\"", "say \\(dqx\\(dq"},
        {"", ""},
    };
    for (const auto& [text, roff] : cases)
        EXPECT_EQ(roffText(text), roff) << text;
}

TEST(ManPages, EveryCommandAndOptionIsThere)
{
    const std::string page = programManPage("1.2.3");
    EXPECT_THAT(page, HasSubstr("Spillway 1.2.3"));
    for (const CommandSpec& command : commands()) {
        EXPECT_THAT(page, HasSubstr(roffText(command.help)));
        for (const OptionSpec& option : command.options)
            EXPECT_THAT(page, HasSubstr(roffText(option.name) + "\\fR")) << command.words;
    }
}

TEST(ManPages, EverySettingIsThere)
{
    const std::string page = settingsManPage("1.2.3");
    for (const Row& row : table::kRows) {
        EXPECT_THAT(page, HasSubstr("\\fB" + roffText(row.name) + "\\fR"));
        EXPECT_THAT(page, HasSubstr("Variable " + roffText(environmentName(row))));
    }
}

TEST(ManPages, NoLineBeginsLikeARequestByAccident)
{
    for (const std::string& page : {programManPage("1"), settingsManPage("1")})
        for (std::size_t at = 0; (at = page.find("\n.", at)) != std::string::npos; at += 2)
            EXPECT_THAT((std::vector<std::string>{"TH", "SH", "SS", "TP", "PP", "B ", "BR", "nf", "fi", "br",
                                                  "\\\""}),
                        testing::Contains(page.substr(at + 2, 2)))
                << page.substr(at + 1, 40);
}
