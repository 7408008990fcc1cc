// SPDX-License-Identifier: GPL-3.0-or-later
// An Accept or Accept-Language field. Weights stay within their bounds, what is preferred has the greatest of
// those that are offered, and the answer depends neither on case, nor on blanks around, nor on a member that
// is malformed.
#include "check.h"
#include "server/http/accept.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

using namespace spillway::http;

namespace {

constexpr std::array<std::string_view, 4> kTypes{"text/html", "application/problem+json",
                                                 "application/x-ndjson", "text/plain"};
constexpr std::array<std::string_view, 4> kLanguages{"en", "zh-cn", "zh", "de-ch-1996"};

struct Answer
{
    std::vector<int> weights;
    std::vector<bool> named;
    std::optional<std::size_t> type, language;
    friend bool operator==(const Answer&, const Answer&) = default;
};

Answer ask(std::string_view field)
{
    Answer answer;
    for (const std::string_view type : kTypes) {
        answer.weights.push_back(acceptWeight(field, type));
        answer.named.push_back(acceptNames(field, type));
    }
    answer.type = preferredType(field, kTypes);
    answer.language = preferredLanguage(field, kLanguages);
    return answer;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string field(reinterpret_cast<const char*>(data), size);
    const Answer answer = ask(field);
    const bool wild = field.find('*') != std::string::npos;
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
        check(answer.weights[i] >= 0 && answer.weights[i] <= kFullWeight, "a weight has its bounds");
        check(answer.weights[i] == 0 || answer.named[i] || wild, "what is accepted is named, or anything is");
    }
    const auto best = std::max_element(answer.weights.begin(), answer.weights.end());
    check(answer.type.has_value() == (*best > 0), "what is acceptable is found");
    check(!answer.type || *answer.type == static_cast<std::size_t>(best - answer.weights.begin()),
          "the first of the greatest is preferred");
    check(!answer.language || *answer.language < kLanguages.size(), "a language is one of those offered");

    std::string upper = field;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    check(ask(upper) == answer, "case says nothing");
    check(ask(" \t" + field + "\t ") == answer, "blanks around say nothing");
    check(ask("text/html;q=7, en;q=, ," + field) == answer, "malformed members say nothing");
    return 0;
}
