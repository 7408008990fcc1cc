// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/palette.h"

#include <QtCore/QObject>
#include <QtGui/QFont>

class QApplication;
class QDBusVariant;

namespace spillway::ui {

/// Sizes in pixels. The grid is 8, 4 inside controls; what holds text grows with the desktop's font.
struct Metrics
{
    int text = 13; ///< font sizes
    int secondary = 11;
    int title = 20;
    int tile = 28;
    int row = 32;    ///< rows of tables, controls
    int margin = 24; ///< of a page
    int side = 336;  ///< what shows a selected row beside its table
    int sidebar = 176;
    int sidebarFolded = 56;
    int header = 48;
    int radius = 6;
    /// What is `size` with text of 13 px.
    [[nodiscard]] int scaled(int size) const { return size * text / 13; }
};

/// The window's look: palette, fonts, style sheet. One for the process, on its thread; widgets are given it
/// and repaint on changed().
///
/// Follows the desktop's scheme (Qt's own where it knows one, else the settings portal, else how bright the
/// desktop's window colour is), unless the user chose one.
class Theme : public QObject
{
    Q_OBJECT
public:
    enum class Choice : std::uint8_t
    {
        Desktop,
        Light,
        Dark
    };

    explicit Theme(QApplication& application);

    void choose(Choice choice);
    [[nodiscard]] Choice choice() const { return choice_; }

    [[nodiscard]] const Palette& palette() const { return *palette_; }
    [[nodiscard]] const Metrics& metrics() const { return metrics_; }
    [[nodiscard]] QFont font(int pixels, bool strong = false) const;

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void portalChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void apply();
    void askPortal();

    QApplication& application_;
    QFont base_;
    Metrics metrics_;
    Choice choice_ = Choice::Desktop;
    bool desktopIsDark_ = false;
    const Palette* palette_ = nullptr;
};

/// The style sheet, with the palette's colours and the metrics put in.
[[nodiscard]] QString styleSheet(const Palette& palette, const Metrics& metrics);

} // namespace spillway::ui
