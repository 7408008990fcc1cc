// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/settingsstore.h"

#include "server/base/uniquefd.h"
#include "server/config/credential.h"
#include "server/config/files.h"
#include "server/config/tomledit.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::config {

namespace {

bool namesCredential(std::string_view text)
{
    return text.find(kCredentialScheme) != std::string_view::npos;
}

/// The file itself where `path` is a link to it: the link shall stay.
std::string realFile(const std::string& path)
{
    char resolved[PATH_MAX];
    return ::realpath(path.c_str(), resolved) ? resolved : path;
}

std::string folderOf(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

/// All of it or nothing, also after a power failure. Mode and owner stay those of the file before.
Result<void> replaceFile(const std::string& path, const std::string& text, const struct stat* before)
{
    std::string beside = path + ".XXXXXX";
    const UniqueFd file(::mkostemp(beside.data(), O_CLOEXEC));
    if (!file)
        return fail(osError("cannot change the settings file " + path, errno));
    Result<void> done = writeAll(file.get(), text, path);
    if (done && ::fsync(file.get()) != 0)
        done = fail(osError("cannot write " + path, errno));
    if (done && before) {
        // An owner other than ours can only be given by root; without that right the file is ours.
        (void)!::fchown(file.get(), before->st_uid, before->st_gid);
        (void)!::fchmod(file.get(), before->st_mode & 07777);
    }
    if (done && ::rename(beside.c_str(), path.c_str()) != 0)
        done = fail(osError("cannot change the settings file " + path, errno));
    if (!done) {
        ::unlink(beside.c_str());
        return done;
    }
    (void)syncFolder(folderOf(path)); // the change is made; where it cannot be synced, it still is
    return {};
}

} // namespace

SettingsStore::SettingsStore(std::string file, bool required,
                             std::vector<std::pair<std::string, std::string>> environment,
                             std::vector<SettingArgument> arguments)
    : file_(std::move(file)), required_(required), environment_(std::move(environment)),
      arguments_(std::move(arguments))
{
}

Result<Settings> SettingsStore::load(std::optional<std::string> text) const
{
    auto settings = config::load({file_, std::move(text), environment_, arguments_});
    if (settings)
        return std::move(*settings);
    std::string problems;
    for (const Problem& problem : settings.error()) {
        if (!problems.empty())
            problems += '\n';
        problems += problem.text();
    }
    return fail(ErrorCode::InvalidArgument, std::move(problems));
}

Result<Settings> SettingsStore::read() const
{
    auto text = readSettingsFile(file_);
    if (!text && (required_ || text.error().code != ErrorCode::NotFound))
        return fail(text.error());
    return load(text ? std::optional(std::move(*text)) : std::nullopt);
}

std::string SettingsStore::fixedBy(std::size_t index) const
{
    const Row& row = rowAt(index);
    for (const SettingArgument& argument : arguments_)
        if (argument.name == row.name)
            return argument.option;
    const std::string variable = environmentName(row);
    const bool there = std::any_of(environment_.begin(), environment_.end(),
                                   [&variable](const auto& entry) { return entry.first == variable; });
    return there ? variable : std::string();
}

Result<Settings> SettingsStore::set(std::size_t index, const std::vector<std::string>& texts) const
{
    const Row& row = rowAt(index);
    // A credential's name goes into the file as it is; load() looks at what it stands for.
    if (row.type == Type::String && texts.size() == 1 && namesCredential(texts.front()))
        return change(index, formatToml(row, Value(texts.front())));
    const auto value = parseValue(row, texts);
    if (!value)
        return fail(value.error());
    return change(index, formatToml(row, *value));
}

Result<Settings> SettingsStore::reset(std::size_t index) const
{
    return change(index, std::nullopt);
}

Result<Settings> SettingsStore::change(std::size_t index, const std::optional<std::string>& toml) const
{
    const Row& row = rowAt(index);
    if (const std::string fixed = fixedBy(index); !fixed.empty())
        return fail(ErrorCode::Conflict,
                    std::string(row.name) + " is fixed by " + fixed +
                        ", which goes before the settings file: start the server without it");
    auto before = readSettingsFile(file_);
    if (!before && before.error().code != ErrorCode::NotFound)
        return fail(before.error());
    const std::string text = before ? std::move(*before) : std::string();
    auto edited = editToml(text, row.name, toml);
    if (!edited)
        return fail(edited.error());
    auto settings = load(*edited);
    if (!settings)
        return settings;
    const auto wanted = toml ? Origin::Kind::File : Origin::Kind::Default;
    const bool took =
        settings->origin(index).kind == wanted && (!toml || formatToml(row, settings->value(index)) == *toml);
    if (!took)
        return fail(ErrorCode::InvalidArgument, "the settings file " + file_ +
                                                    " is written in a way that cannot be changed here; "
                                                    "change it by hand");
    if (*edited != text)
        if (auto written = write(index, *edited); !written)
            return fail(written.error());
    return settings;
}

Result<void> SettingsStore::write(std::size_t index, const std::string& text) const
{
    const std::string path = realFile(file_);
    struct stat info = {};
    const bool exists = ::stat(path.c_str(), &info) == 0;
    if (exists && rowAt(index).secret && (info.st_mode & 077) != 0)
        return fail(ErrorCode::PermissionDenied, std::string(rowAt(index).name) + " is a secret and " + path +
                                                     " can be read by others: chmod 600 it first");
    return replaceFile(path, text, exists ? &info : nullptr);
}

} // namespace spillway::config
