// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/runfile.h"

#include "server/admin/arguments.h"
#include "server/base/uniquefd.h"

#include <QtCore/QJsonDocument>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>

namespace spillway::admin {

namespace {

constexpr const char* kRunFileName = "/admin.json";

Result<void> writePrivate(const std::string& path, const QJsonObject& object)
{
    const std::string fresh = path + "." + std::to_string(::getpid()) + ".new";
    ::unlink(fresh.c_str());
    {
        const UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        const QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
        if (!fd || ::write(fd.get(), text.data(), static_cast<std::size_t>(text.size())) != text.size())
            return fail(osError("cannot write " + fresh, errno));
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0)
        return fail(osError("cannot write " + path, errno));
    return {};
}

/// At most 64 KiB of a file of ours that nobody else may read.
Result<QJsonObject> readPrivate(const std::string& path)
{
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno == ENOENT)
        return fail(ErrorCode::NotFound, "there is no " + path);
    struct stat info = {};
    if (!fd || ::fstat(fd.get(), &info) != 0)
        return fail(osError("cannot read " + path, errno));
    // Root may act for the owner of the data folder; nobody else for anybody.
    if (!S_ISREG(info.st_mode) || (info.st_mode & 077) != 0 ||
        (info.st_uid != ::geteuid() && ::geteuid() != 0))
        return fail(ErrorCode::PermissionDenied, path + " is not a private file of this user");
    std::array<char, 65536> text;
    const ssize_t size = ::read(fd.get(), text.data(), text.size());
    if (size < 0)
        return fail(osError("cannot read " + path, errno));
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray(text.data(), size));
    if (!document.isObject())
        return fail(ErrorCode::Corrupt, path + " is damaged");
    return document.object();
}

} // namespace

Result<void> writeRunFile(const std::string& dataFolder, const RunFile& run)
{
    return writePrivate(dataFolder + kRunFileName, {{QStringLiteral("address"), toQString(run.address)},
                                                    {QStringLiteral("token"), toQString(run.token)},
                                                    {QStringLiteral("pid"), static_cast<qint64>(run.pid)}});
}

Result<RunFile> readRunFile(const std::string& dataFolder)
{
    const auto object = readPrivate(dataFolder + kRunFileName);
    if (!object)
        return fail(object.error());
    RunFile run{object->value(QLatin1String("address")).toString().toStdString(),
                object->value(QLatin1String("token")).toString().toStdString(),
                object->value(QLatin1String("pid")).toInteger()};
    if (run.address.empty() || run.token.empty())
        return fail(ErrorCode::Corrupt, dataFolder + kRunFileName + " is damaged");
    return run;
}

void removeRunFile(const std::string& dataFolder)
{
    ::unlink((dataFolder + kRunFileName).c_str());
}

Result<std::string> runtimeFolder()
{
    const char* xdg = std::getenv("XDG_RUNTIME_DIR");
    const std::string path = xdg && xdg[0] == '/' ? std::string(xdg) + "/spillway"
                                                  : "/tmp/spillway-" + std::to_string(::geteuid());
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(osError("cannot make " + path, errno));
    struct stat info = {};
    if (::lstat(path.c_str(), &info) != 0)
        return fail(osError("cannot look at " + path, errno));
    if (!S_ISDIR(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & 022) != 0)
        return fail(ErrorCode::PermissionDenied, path + " is not a private folder of this user");
    return path;
}

Result<std::string> writeRunPointer(const RunPointer& pointer)
{
    const auto folder = runtimeFolder();
    if (!folder)
        return fail(folder.error());
    const std::string path = *folder + "/" + std::to_string(pointer.pid) + ".json";
    QJsonObject object{{QStringLiteral("pid"), static_cast<qint64>(pointer.pid)}};
    putBytes(object, "data", pointer.dataFolder);
    if (auto written = writePrivate(path, object); !written)
        return fail(written.error());
    return path;
}

std::vector<RunPointer> readRunPointers()
{
    std::vector<RunPointer> pointers;
    const auto folder = runtimeFolder();
    if (!folder)
        return pointers;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(*folder, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        const std::string file = entry->path().string();
        const auto object = file.ends_with(".json") ? readPrivate(file) : fail(ErrorCode::NotFound, {});
        if (!object)
            continue;
        static const std::vector<Parameter> members{
            {"data", ParameterType::Bytes, ParameterPlace::Body, true},
            {"pid", ParameterType::Integer, ParameterPlace::Body, true}};
        if (const auto read = Arguments::check(members, *object))
            pointers.push_back({file, read->text("data"), read->integer("pid", 0)});
    }
    return pointers;
}

bool isDataFolderHeld(const std::string& dataFolder)
{
    const UniqueFd fd(::open((dataFolder + "/lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

} // namespace spillway::admin
