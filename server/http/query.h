// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::http {

/// Decodes percent escapes into `out` (replaced); false, and `out` unspecified, where an escape is malformed.
/// "+" is a plus: a query here is RFC 3986's, not a form's.
[[nodiscard]] bool percentDecode(std::string_view raw, std::string& out);

/// One "name=value" as it was sent; decoded when somebody asks.
struct QueryParameter
{
    std::string_view rawName;
    std::string_view rawValue; ///< null data() where there was no "="

    /// Compares the decoded name, without allocating; a malformed escape equals nothing.
    [[nodiscard]] bool nameIs(std::string_view name) const;
    [[nodiscard]] bool nameStartsWith(std::string_view prefix) const;
    /// None where an escape is malformed.
    [[nodiscard]] std::optional<std::string> name() const;
    [[nodiscard]] std::optional<std::string> value() const;
};

/// A view of a raw query ("a=1&b"), which must outlive it. Nothing is copied; iteration splits at "&" and
/// passes over empty pieces. At most kMaxParameters are seen: where tooMany() says that there are more,
/// answer 400, for a repeated parameter might stand behind them.
class Query
{
public:
    static constexpr std::size_t kMaxParameters = 100;

    explicit Query(std::string_view raw) : raw_(raw) {}

    class Iterator
    {
    public:
        const QueryParameter& operator*() const { return current_; }
        const QueryParameter* operator->() const { return &current_; }
        Iterator& operator++();
        friend bool operator==(const Iterator& a, const Iterator& b)
        {
            return a.done_ == b.done_ && a.seen_ == b.seen_;
        }

    private:
        friend class Query;
        explicit Iterator(std::string_view rest) : rest_(rest) { ++*this; }
        Iterator() = default;
        std::string_view rest_;
        QueryParameter current_;
        std::size_t seen_ = 0; ///< 0 at the end
        bool done_ = false;
    };

    [[nodiscard]] Iterator begin() const { return Iterator(raw_); }
    [[nodiscard]] Iterator end() const
    {
        Iterator last;
        last.done_ = true;
        return last;
    }

    [[nodiscard]] bool tooMany() const;
    /// How often a name is there, to refuse repeats.
    [[nodiscard]] std::size_t count(std::string_view name) const;
    /// The first of that name.
    [[nodiscard]] std::optional<QueryParameter> find(std::string_view name) const;
    [[nodiscard]] bool contains(std::string_view name) const { return find(name).has_value(); }

private:
    std::string_view raw_;
};

} // namespace spillway::http
