// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/tomlfile.h"

#include <optional>
#include <toml++/toml.h>

namespace spillway::config {

namespace {

class Reader
{
public:
    Reader(const std::string& fileName, std::vector<Problem>& problems)
        : fileName_(fileName), problems_(problems)
    {
    }

    void table(const toml::table& table, const std::string& prefix)
    {
        for (const auto& [key, node] : table) {
            const std::string name = prefix + std::string(key.str());
            const std::size_t index = findRow(name);
            if (index < kSettingCount)
                setting(rowAt(index), node);
            else if (const toml::table* below = node.as_table(); below && isPrefix(name + "."))
                this->table(*below, name + ".");
            else
                entries.push_back({name, {}, where(key.source())});
        }
    }

    std::vector<TomlEntry> entries;

private:
    static bool isPrefix(std::string_view name)
    {
        return std::any_of(std::begin(table::kRows), std::end(table::kRows),
                           [&](const Row& row) { return row.name.starts_with(name); });
    }

    [[nodiscard]] std::string where(const toml::source_region& source) const
    {
        return fileName_ + ":" + std::to_string(source.begin.line) + ":" +
               std::to_string(source.begin.column);
    }

    void setting(const Row& row, const toml::node& node)
    {
        TomlEntry entry{std::string(row.name), {}, where(node.source())};
        const toml::array* array = node.as_array();
        bool good = !array || isList(row.type);
        if (array && good) {
            for (const toml::node& item : *array)
                good = good && append(row, item, entry);
        } else if (good) {
            good = append(row, node, entry);
        }
        if (good)
            entries.push_back(std::move(entry));
        else
            problems_.push_back(
                {Problem::Kind::WrongType, entry.where, entry.name + " takes " + wanted(row.type)});
    }

    /// False where the kind of value is wrong for the row.
    static bool append(const Row& row, const toml::node& node, TomlEntry& entry)
    {
        const bool isNumber = row.type == Type::Integer || row.type == Type::Bytes ||
                              row.type == Type::Rate || row.type == Type::Duration;
        if (const auto* text = node.as_string(); text && row.type != Type::Bool && row.type != Type::Integer)
            entry.texts.push_back(text->get());
        else if (const auto* integer = node.as_integer(); integer && isNumber)
            entry.texts.push_back(std::to_string(integer->get()));
        else if (const auto* flag = node.as_boolean(); flag && row.type == Type::Bool)
            entry.texts.emplace_back(flag->get() ? "true" : "false");
        else
            return false;
        return true;
    }

    static std::string wanted(Type type)
    {
        switch (type) {
        case Type::Bool:
            return "true or false, without quotes";
        case Type::Integer:
            return "a whole number, without quotes";
        case Type::Bytes:
            return "a size in quotes, as \"64KiB\"";
        case Type::Rate:
            return "a rate in quotes, as \"2MiB/s\"";
        case Type::Duration:
            return "a duration in quotes, as \"90s\"";
        case Type::Endpoints:
            return "a list of addresses, as [\"0.0.0.0:8080\", \"[::]:8080\"]";
        case Type::Cidrs:
            return "a list of address blocks, as [\"10.0.0.0/8\"]";
        case Type::Folders:
            return "a list of folders, as [\"/srv/files\"]";
        default:
            return "a text in quotes";
        }
    }

    const std::string& fileName_;
    std::vector<Problem>& problems_;
};

} // namespace

std::vector<TomlEntry> readToml(std::string_view text, const std::string& fileName,
                                std::vector<Problem>& problems)
{
    // Debian's toml++ is built with exceptions; they end here.
    try {
        Reader reader(fileName, problems);
        reader.table(toml::parse(text), "");
        return std::move(reader.entries);
    } catch (const toml::parse_error& error) {
        const auto& at = error.source().begin;
        problems.push_back({Problem::Kind::Syntax,
                            fileName + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                            std::string(error.description())});
    } catch (const std::exception& error) {
        problems.push_back({Problem::Kind::Syntax, fileName, error.what()});
    }
    return {};
}

} // namespace spillway::config
