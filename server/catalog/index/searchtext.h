// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spillway::catalog {

/// A name as the search sees it: UTF-8, with U+FFFD for bytes that are not. The same bytes always give the
/// same text.
[[nodiscard]] std::string searchText(std::string_view name);

/// What a person typed: words between blanks, of which a name must hold every one, in any order, letter case
/// ignored.
class SearchText
{
public:
    explicit SearchText(std::string_view text);

    [[nodiscard]] bool empty() const { return words_.empty(); }
    /// For FTS5 over trigrams without positions: the trigrams of the words, joined by AND; a superset of what
    /// matches. Empty where no word has three characters, and then only a walk over all names helps.
    [[nodiscard]] std::string matchExpression() const;
    /// The longest word for LIKE … ESCAPE '\', which ignores the case of ASCII letters only.
    [[nodiscard]] std::string likePattern() const;
    [[nodiscard]] bool matches(std::string_view name) const;

private:
    std::vector<std::u16string> words_;
};

} // namespace spillway::catalog
