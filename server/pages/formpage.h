// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/frame.h"

#include <optional>

namespace spillway::pages {

/// What a form asks for. It is sent by POST to the page's own address, and works without script.
struct FormPage
{
    Word heading;
    Word text;                 ///< a sentence
    std::optional<Word> label; ///< of the one field, which is a secret; none: there is only the button
    std::string_view name{};   ///< of the field
    Word button;
    Word wrong;           ///< what is said where `isWrong`
    bool isWrong = false; ///< what was sent before did not do
};

inline constexpr FormPage kPasswordForm{.heading = Word::PasswordHeading,
                                        .text = Word::PasswordText,
                                        .label = Word::Password,
                                        .name = "password",
                                        .button = Word::Open,
                                        .wrong = Word::PasswordWrong};
inline constexpr FormPage kSignInForm{.heading = Word::SignInHeading,
                                      .text = Word::SignInText,
                                      .label = Word::Token,
                                      .name = "token",
                                      .button = Word::SignIn,
                                      .wrong = Word::TokenWrong};
inline constexpr FormPage kSignOutForm{.heading = Word::SignOutHeading,
                                       .text = Word::SignOutText,
                                       .label = {},
                                       .button = Word::SignOut,
                                       .wrong = Word::SignOut};

/// `id` is what the log has for this request; empty: not shown.
[[nodiscard]] std::string formPage(const View& view, const FormPage& page, std::string_view id);

} // namespace spillway::pages
