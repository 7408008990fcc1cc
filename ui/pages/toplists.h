// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/top.h"
#include "ui/style/theme.h"

#include <QtWidgets/QAbstractButton>

class QGridLayout;
class QLabel;

namespace spillway::ui {

/// One line of such a list: what it is, where that is, how often and how much, and a bar below that is as
/// long as its part of the first line's.
class TopRow final : public QAbstractButton
{
    Q_OBJECT
public:
    struct Content
    {
        QString name, place; ///< the second in grey; may be empty
        contract::TopUse use;
        double part = 0; ///< 0 … 1, of the bar
        bool opens = true;
    };
    explicit TopRow(Theme& theme);
    void show(const Content& content);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& theme_;
    Content content_;
};

/// Which links, clients and files had the most bytes in a span, five of each; what is clicked is for the
/// window to open. Hidden until there is an answer.
class TopLists final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kRows = 5;
    explicit TopLists(Theme& theme);

    void show(const contract::TopPage& page);
    /// Beside each other, or one below the other.
    void arrange(bool beside);

Q_SIGNALS:
    void linkChosen(const QString& id);
    void clientChosen(const QString& address);
    void fileChosen(const QByteArray& name); ///< its name alone

private:
    struct List
    {
        QWidget* widget = nullptr;
        QLabel* nothing = nullptr; ///< in place of rows
        std::array<TopRow*, kRows> rows{};
    };
    [[nodiscard]] List build(const QString& title, const QString& nothing, const char* name);
    static void fill(const List& list, const std::vector<TopRow::Content>& rows);

    Theme& theme_;
    QGridLayout* grid_;
    std::array<List, 3> lists_; ///< links, clients, files
    contract::TopPage page_;
    int columns_ = 0;
};

} // namespace spillway::ui
