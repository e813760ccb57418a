"""The fair waiting room: on overload everybody gets a signed place, first come first served in each room.

Words: room (people who want the same kind of thing), place (when somebody came), line (up to which arrival people are let in),
pass (it was their turn), slot (a request at work), pace (people a second). It knows no tax words: rooms are handed in.
"""
