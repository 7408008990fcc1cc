// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtCore/QSettings>

namespace spillway::ui {

/// What this computer's window remembers, in a file of its own beside the server's data: it is the person's,
/// not the server's. On the window's thread; every change is announced.
class Preferences final : public QObject
{
    Q_OBJECT
public:
    enum class Closing : int
    {
        Ask,
        Background,
        Stop
    };

    explicit Preferences(const QString& file);

    [[nodiscard]] Theme::Choice scheme() const;
    void setScheme(Theme::Choice choice);
    [[nodiscard]] QString language() const; ///< "en", "zh_CN"; empty: the system's
    void setLanguage(const QString& language);
    [[nodiscard]] Closing closing() const; ///< what closing the window means
    void setClosing(Closing closing);
    [[nodiscard]] bool keepsAwake() const; ///< no suspend while something is sent
    void setKeepsAwake(bool on);
    [[nodiscard]] bool notifies() const; ///< when a download finishes
    void setNotifies(bool on);
    [[nodiscard]] bool introduced() const; ///< the first-start assistant was seen
    void setIntroduced();

    [[nodiscard]] QByteArray linkRules() const; ///< what a new link begins with (rulesFromText)
    void setLinkRules(const QByteArray& rules);
    [[nodiscard]] QByteArray geometry() const;
    [[nodiscard]] int page(int otherwise) const;
    void setWindow(const QByteArray& geometry, int page);

Q_SIGNALS:
    void changed();

private:
    void put(const char* key, const QVariant& value);
    [[nodiscard]] QVariant get(const char* key, const QVariant& otherwise) const;

    QSettings state_;
};

} // namespace spillway::ui
