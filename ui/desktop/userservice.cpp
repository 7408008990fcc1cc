// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/userservice.h"

#include "ui/desktop/autostart.h"

#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>

namespace spillway::ui {

namespace {

constexpr int kPatienceMs = 60'000; ///< a stop waits for running downloads
const QString kUnit = QStringLiteral("spillway.service");

/// An argument of ExecStart= (systemd.service(5), "Command lines").
QString quoted(QString argument)
{
    argument.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    argument.replace(QLatin1Char('"'), QLatin1String("\\\""));
    argument.replace(QLatin1Char('\n'), QLatin1String("\\n"));
    argument.replace(QLatin1Char('%'), QLatin1String("%%"));
    argument.replace(QLatin1Char('$'), QLatin1String("$$"));
    return QLatin1Char('"') + argument + QLatin1Char('"');
}

} // namespace

UserService::UserService(QStringList command, QString configFolder)
    : command_(std::move(command)), folder_(std::move(configFolder) + QLatin1String("/systemd/user"))
{
}

QString UserService::file() const
{
    return folder_ + QLatin1Char('/') + kUnit;
}

bool UserService::isAvailable() const
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !command_.isEmpty() && !runtime.isEmpty() &&
           QFileInfo::exists(runtime + QLatin1String("/systemd/private")) &&
           !QStandardPaths::findExecutable(QStringLiteral("systemctl")).isEmpty();
}

bool UserService::isOn() const
{
    return QFileInfo(folder_ + QLatin1String("/default.target.wants/") + kUnit).isSymLink();
}

QByteArray UserService::unit() const
{
    QStringList words;
    for (const QString& word : command_)
        words += quoted(word);
    return QStringLiteral("[Unit]\n"
                          "Description=Spillway, sharing files without a window\n"
                          "\n"
                          "[Service]\n"
                          "Type=notify\n"
                          "ExecStart=%1\n"
                          "ExecReload=kill -HUP $MAINPID\n"
                          "Restart=on-failure\n"
                          "TimeoutStopSec=60\n"
                          "NoNewPrivileges=yes\n"
                          "LimitNOFILE=1048576:1048576\n"
                          "\n"
                          "[Install]\n"
                          "WantedBy=default.target\n")
        .arg(words.join(QLatin1Char(' ')))
        .toUtf8();
}

void UserService::run(QStringList arguments, std::function<void(Result<void>)> done)
{
    auto* process = new QProcess(this);
    const QString program = arguments.takeFirst();
    auto finish = [process, program, done](const QString& problem) {
        process->deleteLater();
        done(problem.isEmpty() ? Result<void>()
                               : Result<void>(fail(ErrorCode::Unavailable,
                                                   program.toStdString() + ": " + problem.toStdString())));
    };
    connect(process, &QProcess::errorOccurred, this, [process, finish](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(process->errorString());
    });
    connect(process, &QProcess::finished, this, [process, finish](int code) {
        const QString said = QString::fromLocal8Bit(process->readAllStandardError()).trimmed();
        finish(code == 0 ? QString() : said.isEmpty() ? QString::number(code) : said);
    });
    process->start(program, arguments);
}

void UserService::set(bool on, std::function<void(Result<void>)> done)
{
    const QStringList systemctl{QStringLiteral("systemctl"), QStringLiteral("--user")};
    if (!on) {
        run(systemctl + QStringList{QStringLiteral("disable"), QStringLiteral("--now"), kUnit},
            [this, done](const Result<void>& result) {
                if (result)
                    QFile::remove(file());
                done(result);
            });
        return;
    }
    if (auto written = writeSmallFile(file(), unit()); !written) {
        QMetaObject::invokeMethod(
            this, [done, written] { done(written); }, Qt::QueuedConnection);
        return;
    }
    run(systemctl + QStringList{QStringLiteral("daemon-reload")},
        [this, systemctl, done](Result<void> result) {
            if (!result)
                return done(result);
            run(systemctl + QStringList{QStringLiteral("enable"), kUnit}, [this, done](Result<void> enabled) {
                if (!enabled)
                    return done(enabled);
                // Without it the service ends with the session. Not everybody may: then it does.
                run({QStringLiteral("loginctl"), QStringLiteral("enable-linger")},
                    [done](const Result<void>&) { done({}); });
            });
        });
}

bool UserService::runNow(const QString& verb) const
{
    if (!isOn() || !isAvailable())
        return false;
    QProcess process;
    process.start(QStringLiteral("systemctl"), {QStringLiteral("--user"), verb, kUnit});
    return process.waitForFinished(kPatienceMs) && process.exitCode() == 0;
}

bool UserService::stopNow() const
{
    return runNow(QStringLiteral("stop"));
}

bool UserService::startNow() const
{
    return runNow(QStringLiteral("start"));
}

} // namespace spillway::ui
