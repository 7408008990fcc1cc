// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/browsemodel.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace spillway::ui {

/// Picks a folder or file of a server elsewhere, of those that it shares from (its setting share_roots), or
/// by its whole path, and shares it. A folder is read when it is opened. All of it by keyboard: arrows in the
/// tree, Return shares what is selected.
class FolderPicker final : public QDialog
{
    Q_OBJECT
public:
    enum class Wanted : std::uint8_t
    {
        Folder,
        File ///< folders are there to be opened, and may be shared, too
    };
    FolderPicker(Session& session, Theme& theme, Wanted wanted, QWidget* parent);

    [[nodiscard]] QTreeView& tree() { return *tree_; }

private:
    void ask(const QByteArray& path);
    void came(const QByteArray& path, const Result<contract::FolderListing>& listing);
    void say(const QString& text);
    void share();

    Session& session_;
    const Wanted wanted_;
    BrowseModel model_;
    QTreeView* tree_;
    QLineEdit* field_;
    QByteArray path_; ///< exact bytes of what the field shows, while nobody edited it
    QLabel* about_;
    QLabel* problem_;
    QPushButton* share_;
};

} // namespace spillway::ui
