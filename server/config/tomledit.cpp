// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/tomledit.h"

#include <toml++/toml.h>

namespace spillway::config {

namespace {

/// Where toml++ says something stands (lines and columns from 1, columns in characters), as an offset.
std::size_t offsetOf(std::string_view text, const toml::source_position& at)
{
    std::size_t offset = 0;
    for (toml::source_index line = 1; line < at.line; ++line) {
        const auto end = text.find('\n', offset);
        if (end == std::string_view::npos)
            return text.size();
        offset = end + 1;
    }
    for (toml::source_index column = 1; column < at.column && offset < text.size(); ++column) {
        ++offset;
        while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xc0) == 0x80)
            ++offset;
    }
    return offset;
}

std::size_t lineStart(std::string_view text, std::size_t offset)
{
    const auto before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

/// Behind the line's end.
std::size_t nextLine(std::string_view text, std::size_t offset)
{
    const auto end = text.find('\n', offset);
    return end == std::string_view::npos ? text.size() : end + 1;
}

std::string_view trimmed(std::string_view line)
{
    const auto first = line.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

class Editor
{
public:
    Editor(std::string_view text, std::string_view name) : text_(text), root_(toml::parse(text))
    {
        const auto dot = name.rfind('.');
        key_ = dot == std::string_view::npos ? name : name.substr(dot + 1);
        tableName_ = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
        table_ = tableName_.empty() ? &root_ : root_.at_path(tableName_).as_table();
        node_ = table_ ? table_->get(key_) : nullptr;
        eol_ = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
    }

    Result<std::string> change(const std::string& toml) const
    {
        if (node_)
            return spliced(offsetOf(text_, node_->source().begin), offsetOf(text_, node_->source().end),
                           toml);
        if (tableName_.empty())
            return inserted(beforeFirstHeader(), std::string(key_) + " = " + toml);
        if (!table_)
            return inserted(text_.size(), (text_.empty() ? "" : std::string(eol_)) + "[" +
                                              std::string(tableName_) + "]" + eol_ + std::string(key_) +
                                              " = " + toml);
        if (table_->is_inline())
            return inlineTable();
        const std::string prefix = hasHeader(*table_) ? "" : std::string(tableName_) + ".";
        return inserted(afterLastKey(), prefix + std::string(key_) + " = " + toml);
    }

    Result<std::string> takeOut() const
    {
        if (!node_)
            return std::string(text_);
        if (table_->is_inline())
            return inlineTable();
        const std::size_t end = offsetOf(text_, node_->source().end);
        const std::size_t next = nextLine(text_, end);
        const std::string_view rest = trimmed(text_.substr(end, next - end));
        return spliced(lineStart(text_, offsetOf(text_, node_->source().begin)), next,
                       rest.starts_with('#') ? std::string(rest) + eol_ : std::string());
    }

private:
    [[nodiscard]] std::string spliced(std::size_t begin, std::size_t end, const std::string& middle) const
    {
        return std::string(text_.substr(0, begin)) + middle + std::string(text_.substr(end));
    }

    /// `line` as a line of its own at a line's start.
    [[nodiscard]] std::string inserted(std::size_t at, const std::string& line) const
    {
        const bool open = at > 0 && text_[at - 1] != '\n'; // the last line has no end
        return spliced(at, at, (open ? eol_ : std::string()) + line + eol_);
    }

    [[nodiscard]] tl::unexpected<Error> inlineTable() const
    {
        return fail(ErrorCode::InvalidArgument, "the settings file has " + std::string(tableName_) +
                                                    " = { … } in one line: write it as a table [" +
                                                    std::string(tableName_) + "], or change it by hand");
    }

    /// "[http]", and not keys "http.x" that make a table.
    [[nodiscard]] bool hasHeader(const toml::table& table) const
    {
        const std::size_t at = offsetOf(text_, table.source().begin);
        return at < text_.size() && text_[at] == '[';
    }

    /// The end of those keys that belong to no table. Comments right above a header are the header's.
    [[nodiscard]] std::size_t beforeFirstHeader() const
    {
        std::size_t first = text_.size();
        for (const auto& [key, node] : root_)
            if (const toml::table* table = node.as_table(); table && !table->is_inline() && hasHeader(*table))
                first = std::min(first, lineStart(text_, offsetOf(text_, table->source().begin)));
        if (first == text_.size())
            return first;
        while (first > 0) {
            const std::size_t above = lineStart(text_, first - 1);
            const std::string_view line = trimmed(text_.substr(above, first - above));
            if (!line.empty() && !line.starts_with('#'))
                break;
            first = above;
            if (line.empty())
                break;
        }
        return first;
    }

    [[nodiscard]] std::size_t afterLastKey() const
    {
        std::size_t last = offsetOf(text_, table_->source().begin);
        for (const auto& [key, node] : *table_)
            if (!node.is_table())
                last = std::max(last, offsetOf(text_, node.source().end));
        return nextLine(text_, last);
    }

    std::string_view text_;
    toml::table root_;
    std::string_view key_, tableName_;
    const toml::table* table_ = nullptr; ///< that has the key; null where there is none
    const toml::node* node_ = nullptr;   ///< the value; null where there is none
    std::string eol_;
};

} // namespace

Result<std::string> editToml(std::string_view text, std::string_view name,
                             const std::optional<std::string>& toml)
{
    // Debian's toml++ is built with exceptions; they end here.
    try {
        const Editor editor(text, name);
        return toml ? editor.change(*toml) : editor.takeOut();
    } catch (const std::exception& error) {
        return fail(ErrorCode::InvalidArgument, std::string("the settings file is no TOML: ") + error.what());
    }
}

} // namespace spillway::config
