// SPDX-License-Identifier: GPL-3.0-or-later
// Redaction: wherever a secret is put into a text, it does not come out, and nothing is left to hide in what
// was redacted. The input's first line is what stands before a query, the rest what stands in it.
#include "check.h"
#include "server/observe/redact.h"

#include <algorithm>
#include <cstdint>

namespace {

constexpr std::string_view kMark = "\x01mark\x01";

std::string redacted(std::string_view text)
{
    std::string out;
    spillway::observe::redactTarget(text, out);
    return out;
}

void hidden(const std::string& text)
{
    check(redacted(text).find(kMark) == std::string::npos, "a secret is hidden");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string input(reinterpret_cast<const char*>(data), size);
    if (input.find('\x01') != std::string::npos)
        return 0; // the mark must be ours
    const auto line = std::min(input.find('\n'), input.size());
    const std::string before = input.substr(0, line);
    const std::string query = input.substr(std::min(line + 1, input.size()));
    const std::string mark(kMark);
    for (const std::string& text : {before, query, before + "?" + query}) {
        const std::string once = redacted(text);
        check(redacted(once) == once, "nothing is left to redact");
    }
    for (const char* name : {"s=", "token=", "password=", "%73=", "TOKEN=", "pass%77ord="}) {
        hidden(before + "?" + name + mark + query);
        hidden(before + "?" + query + "&" + name + mark);
    }
    std::string user = before;
    std::erase_if(user, [](char c) { return c == '/' || c == '?' || c == '#' || c == ' '; });
    hidden("https://" + user + mark + "@host/" + query);
    return 0;
}
