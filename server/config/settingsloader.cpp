// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/settingsloader.h"

#include "server/base/uniquefd.h"
#include "server/config/credential.h"
#include "server/config/nearest.h"
#include "server/config/tomlfile.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <unistd.h>

extern char** environ; // NOLINT: POSIX declares it nowhere

namespace spillway::config {

namespace {

constexpr std::string_view kPrefix = "SPILLWAY_";
constexpr std::size_t kMaxFileSize = 1 << 20;
/// Where the settings are, so not settings themselves: the command line's defaults for --config and --data.
constexpr std::array<std::string_view, 2> kNotSettings{"SPILLWAY_CONFIG", "SPILLWAY_DATA"};

/// "credential:NAME" of a secret becomes its content, of any other text its path; in a text with several
/// paths, each.
Result<std::string> resolved(const Row& row, const std::string& text)
{
    if (row.secret)
        return credentialText(text);
    std::string all;
    for (const std::string& item : splitList(text)) {
        auto path = credentialPath(item);
        if (!path)
            return path;
        all += (all.empty() ? "" : ", ") + *path;
    }
    return all;
}

class Loader
{
public:
    void file(const SettingSources& sources)
    {
        if (!sources.fileText)
            return;
        auto entries = readToml(*sources.fileText, sources.fileName, problems);
        for (const TomlEntry& entry : entries)
            assign(entry.name, entry.texts, {Origin::Kind::File, entry.where});
    }

    void environment(const SettingSources& sources)
    {
        std::vector<std::string> names;
        for (const Row& row : table::kRows)
            names.push_back(environmentName(row));
        const std::vector<std::string_view> views(names.begin(), names.end());
        for (const auto& [variable, text] : sources.environment) {
            if (!variable.starts_with(kPrefix) ||
                std::find(kNotSettings.begin(), kNotSettings.end(), variable) != kNotSettings.end())
                continue;
            const auto found = std::find(names.begin(), names.end(), variable);
            if (found == names.end()) {
                problems.push_back({Problem::Kind::UnknownName, variable,
                                    "no setting has this variable" + didYouMean(variable, views)});
                continue;
            }
            const auto index = static_cast<std::size_t>(found - names.begin());
            const bool many = isList(rowAt(index).type);
            assign(rowAt(index).name, many ? splitList(text) : std::vector{text},
                   {Origin::Kind::Environment, variable});
        }
    }

    void arguments(const SettingSources& sources)
    {
        std::set<std::string> done;
        for (const SettingArgument& first : sources.arguments) {
            if (!done.insert(first.name).second)
                continue;
            const std::size_t index = findRow(first.name);
            const bool many = index < kSettingCount && isList(rowAt(index).type);
            std::vector<std::string> texts;
            int count = 0;
            for (const SettingArgument& same : sources.arguments) {
                if (same.name != first.name)
                    continue;
                ++count;
                const auto pieces = many ? splitList(same.text) : std::vector{same.text};
                texts.insert(texts.end(), pieces.begin(), pieces.end());
            }
            if (count > 1 && !many && index < kSettingCount) {
                problems.push_back(
                    {Problem::Kind::Repeated, first.option, first.name + " is set more than once"});
                continue;
            }
            assign(first.name, texts, {Origin::Kind::CommandLine, first.option});
        }
    }

    Settings settings;
    std::vector<Problem> problems;

private:
    void assign(std::string_view name, std::vector<std::string> texts, Origin origin)
    {
        const std::size_t index = findRow(name);
        const std::string where = origin.where;
        if (index < kSettingCount && rowAt(index).type == Type::String && texts.size() == 1 &&
            texts.front().find(kCredentialScheme) != std::string::npos) {
            auto text = resolved(rowAt(index), texts.front());
            if (!text) {
                problems.push_back(
                    {Problem::Kind::BadValue, where, std::string(name) + ": " + text.error().message});
                return;
            }
            texts.front() = std::move(*text);
        }
        if (index == kSettingCount) {
            std::vector<std::string_view> names;
            for (const Row& row : table::kRows) {
                names.push_back(row.name);
                names.push_back(
                    row.name.substr(0, row.name.find('.'))); // a file's [table] can be misspelt too
            }
            problems.push_back({Problem::Kind::UnknownName, where,
                                "there is no setting " + std::string(name) + didYouMean(name, names)});
        } else if (auto done = settings.set(index, texts, std::move(origin)); !done) {
            problems.push_back(
                {Problem::Kind::BadValue, where, std::string(name) + ": " + done.error().message});
        }
    }
};

} // namespace

tl::expected<Settings, std::vector<Problem>> load(const SettingSources& sources)
{
    Loader loader;
    loader.file(sources);
    loader.environment(sources);
    loader.arguments(sources);
    if (!loader.problems.empty())
        return tl::unexpected(std::move(loader.problems));
    return std::move(loader.settings);
}

Result<std::string> readSettingsFile(const std::string& path)
{
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file) {
        Error error = osError("cannot open the settings file " + path, errno);
        if (error.osError == ENOENT)
            error.code = ErrorCode::NotFound;
        return fail(std::move(error));
    }
    std::string text;
    std::array<char, 16384> block{};
    for (;;) {
        const ssize_t got = ::read(file.get(), block.data(), block.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(osError("cannot read the settings file " + path, errno));
        if (got == 0)
            return text;
        text.append(block.data(), static_cast<std::size_t>(got));
        if (text.size() > kMaxFileSize)
            return fail(ErrorCode::InvalidArgument,
                        "the settings file " + path + " is larger than 1 MiB: it is hardly one");
    }
}

std::vector<std::pair<std::string, std::string>> settingsEnvironment()
{
    std::vector<std::pair<std::string, std::string>> variables;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (text.starts_with(kPrefix) && equals != std::string_view::npos)
            variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

std::string environmentName(const Row& row)
{
    std::string name(kPrefix);
    for (char c : row.name)
        name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

} // namespace spillway::config
