// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/settings.h"
#include "ui/style/theme.h"

#include <QtWidgets/QWidget>

namespace spillway::ui {

/// What a setting is changed with, by its type: a switch, a choice, a number with a unit, addresses with one
/// port, or a line of text. It only holds a value; whether that is good is for the server to say.
class SettingField : public QWidget
{
    Q_OBJECT
public:
    [[nodiscard]] static SettingField* make(const contract::Setting& setting, Theme& theme);

    [[nodiscard]] virtual QStringList value() const = 0;
    virtual void setValue(const QStringList& value) = 0; ///< says nothing by edited()
    /// The value differs from that of the setting it was made for, or given last.
    [[nodiscard]] bool isChanged() const { return value() != known_; }
    void setKnown(const QStringList& value);
    virtual void focusValue() = 0; ///< with its text selected, so that typing replaces it
    virtual void setBad(bool bad) { Q_UNUSED(bad) }

Q_SIGNALS:
    void edited();
    void confirmed(); ///< Enter

private:
    QStringList known_;
};

} // namespace spillway::ui
