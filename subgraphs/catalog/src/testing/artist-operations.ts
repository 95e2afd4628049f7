const ERRORS = 'errors { code message path }';
const PAGE = 'id name bio country isVerified owner { id }';

export const ARTIST = /* GraphQL */ `
  query ($id: ID!, $roles: [CreditRole!], $first: Int, $after: String) {
    artist(id: $id) {
      ${PAGE}
      tracks(roles: $roles, first: $first, after: $after) {
        edges { cursor node { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;
export const UPDATE_ARTIST = /* GraphQL */ `
  mutation ($input: UpdateArtistInput!) { updateArtist(input: $input) { artist { ${PAGE} } ${ERRORS} } }
`;
export const DELETE_ARTIST = /* GraphQL */ `
  mutation ($input: DeleteArtistInput!) {
    deleteArtist(input: $input) { deletedId deletedTracks movedTracks ${ERRORS} }
  }
`;
export const REMOVAL = /* GraphQL */ `
  query ($id: ID!) {
    artistRemoval(artistId: $id) {
      artist {
        id
      }
      tracks
      credits
    }
  }
`;
export const VERIFY_ARTIST = /* GraphQL */ `
  mutation ($input: VerifyArtistInput!) { verifyArtist(input: $input) { artist { ${PAGE} } ${ERRORS} } }
`;

const CLAIM = 'claim { id state evidence reason decidedAt artist { id isVerified } user { id } }';
export const CLAIM_ARTIST = /* GraphQL */ `
  mutation ($input: ClaimArtistInput!) { claimArtist(input: $input) { ${CLAIM} ${ERRORS} } }
`;
export const WITHDRAW_CLAIM = /* GraphQL */ `
  mutation ($input: WithdrawArtistClaimInput!) { withdrawArtistClaim(input: $input) { ${CLAIM} ${ERRORS} } }
`;
export const DECIDE_CLAIM = /* GraphQL */ `
  mutation ($input: DecideArtistClaimInput!) { decideArtistClaim(input: $input) { ${CLAIM} ${ERRORS} } }
`;
export const CLAIMS = /* GraphQL */ `
  query ($state: ClaimState, $first: Int, $after: String) {
    artistClaims(state: $state, first: $first, after: $after) {
      edges {
        node {
          id
          state
          artist {
            id
          }
          user {
            id
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const CREDITS = /* GraphQL */ `
  query ($id: ID!, $roles: [CreditRole!]) {
    track(id: $id) {
      artist {
        id
      }
      credits(roles: $roles) {
        role
        name
        detail
        artist {
          id
        }
      }
    }
  }
`;
export const SET_CREDITS = /* GraphQL */ `
  mutation ($input: UpdateTrackInput!) {
    updateTrack(input: $input) {
      track { artist { id } credits { role name detail artist { id } } }
      ${ERRORS}
    }
  }
`;
